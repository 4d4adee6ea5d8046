import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

// The tests name the folder for the built site, which is not beside the sources.
const out = process.env.SITE_OUT ?? 'build';

export default defineConfig({
  // The tests use two addresses over http, so the check of the origin must be off.
  plugins: [sveltekit({ adapter: adapter({ out }), outDir: `${out}-kit`, csrf: { trustedOrigins: ['*'] } })],
});
