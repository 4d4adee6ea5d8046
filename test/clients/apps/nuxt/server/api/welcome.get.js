export default defineEventHandler(() => ({ welcome: 'Welcome' }));
