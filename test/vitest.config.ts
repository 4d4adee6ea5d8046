import { readFile } from 'node:fs/promises';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: `${import.meta.dirname}/..`,
  plugins: [
    {
      // wrangler imports .html files as text, and the unit tests do the same.
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
    // These tests have their own configurations: npm run test:package, npm run test:clients.
    exclude: ['test/package/**', 'test/clients/**'],
    // These limits are for tests that hang. A test that is slow because the machine is busy should not fail.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Twice as many as a small machine has processors: most tests wait for a Worker, a browser or a clock.
    maxWorkers: 4,
  },
});
