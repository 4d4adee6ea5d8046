import { defineConfig } from 'vitest/config';
import Table from './support/table.ts';

export default defineConfig({
  root: `${import.meta.dirname}/../..`,
  test: {
    globalSetup: ['test/support/bundle.ts'],
    include: ['test/clients/*.test.ts'],
    reporters: ['default', new Table()],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
