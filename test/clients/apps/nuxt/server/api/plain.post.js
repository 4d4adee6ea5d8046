export default defineEventHandler((event) => sendRedirect(event, '/?ordered', 303));
