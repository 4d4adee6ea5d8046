export default defineEventHandler(() => ({ title: 'Next page' }));
