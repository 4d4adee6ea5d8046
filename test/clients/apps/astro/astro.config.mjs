import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  // The tests use two addresses over http, so the check of the origin must be off.
  security: { checkOrigin: false },
  // The built site must bring its libraries. Otherwise it would load the versions that other tests here use.
  vite: { ssr: { noExternal: true } },
});
