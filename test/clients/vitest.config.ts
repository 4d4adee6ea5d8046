import { defineConfig } from 'vitest/config';
import Table from './support/table.ts';

const columns = ['Software', 'What was done', 'Without the Worker', 'With it', 'With it, the origin dead'];

export default defineConfig({
  root: `${import.meta.dirname}/../..`,
  test: {
    globalSetup: ['test/support/bundle.ts'],
    include: ['test/clients/*.test.ts'],
    reporters: ['default', new Table(import.meta.dirname, columns)],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // These tests spend most of their time waiting: for a server to die, a browser, or the pause before a retry.
    maxWorkers: 3,
  },
});
