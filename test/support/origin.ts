/** The origin that fails on demand. `npm run dev` uses it, too. */
export * from '../../src/cli/dev/origin.ts';
