/** `npm run test:package`: tests that pack and install the package, or start wrangler or npm as a process. */
import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/package/*.test.ts'],
    exclude: [],
    // The programs that a test starts keep the machine busy.
    maxWorkers: 2,
  },
});
