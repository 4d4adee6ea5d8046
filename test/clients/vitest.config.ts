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
    // Much of their time is waiting: for a server to be killed, a browser, a pause before trying again.
    maxWorkers: 3,
  },
});
