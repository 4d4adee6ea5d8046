export default defineNuxtConfig({
  buildDir: 'dist/build',
  nitro: { output: { dir: 'dist/site' } },
  compatibilityDate: '2026-11-01',
  telemetry: false,
});
