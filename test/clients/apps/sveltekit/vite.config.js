import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

// What is built goes where the tests say, and not beside the sources.
const out = process.env.SITE_OUT ?? 'build';

export default defineConfig({
  // The tests ask it under two addresses, over http.
  plugins: [sveltekit({ adapter: adapter({ out }), outDir: `${out}-kit`, csrf: { trustedOrigins: ['*'] } })],
});
