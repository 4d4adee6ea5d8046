/** For what packs and installs the package, or starts wrangler or npm as a process: npm run test:package. */
import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/package/*.test.ts'],
    exclude: [],
    // Of each test the programs that it starts are busy.
    maxWorkers: 2,
  },
});
