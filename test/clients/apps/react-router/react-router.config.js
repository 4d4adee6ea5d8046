/** @type {import('@react-router/dev/config').Config} */
export default { buildDirectory: 'dist', allowedActionOrigins: ['**'] };
