import { defineConfig } from 'vitest/config';
import Table from '../support/table.ts';
import Corpus from './support/corpus.ts';

const columns = ['Software', 'What was done, or broken', 'Without the Worker', 'With it', 'The record'];

export default defineConfig({
  root: `${import.meta.dirname}/../../..`,
  test: {
    globalSetup: ['test/support/bundle.ts'],
    include: ['test/clients/sites/*.test.ts'],
    reporters: ['default', new Table(import.meta.dirname, columns), new Corpus()],
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // Each site runs a database and several servers.
    maxWorkers: 1,
  },
});
