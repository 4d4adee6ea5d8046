/** The origin that misbehaves on demand, which `npm run dev` has too. */
export * from '../../src/cli/dev/origin.ts';
