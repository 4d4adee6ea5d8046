import { readFile } from 'node:fs/promises';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: `${import.meta.dirname}/..`,
  plugins: [
    {
      // wrangler imports .html files as text; so do the unit tests.
      name: 'html-as-text',
      enforce: 'pre',
      async load(id) {
        if (!id.endsWith('.html')) return undefined;
        return `export default ${JSON.stringify(await readFile(id, 'utf8'))};`;
      },
    },
  ],
  test: {
    globalSetup: ['test/support/bundle.ts'],
    include: ['test/**/*.test.ts'],
    // These have a package.json and a configuration of their own: npm run test:clients.
    exclude: ['test/clients/**'],
    // For whoever hangs. What is slow only because the machine is busy should not fail.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
