import node from '@astrojs/node';
import { defineConfig } from 'astro/config';

export default defineConfig({
  output: 'server',
  adapter: node({ mode: 'standalone' }),
  // The tests ask it under two addresses, over http.
  security: { checkOrigin: false },
  // Or what it is built into would load the versions of its libraries that others here use.
  vite: { ssr: { noExternal: true } },
});
