/** The production bundle, as `wrangler deploy` would upload it. It is built once per test run. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const root = join(import.meta.dirname, '../..');

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder with the production bundle. */
    bundle: string;
    /** The folder for the package, which does not exist yet: see packed-package.ts. */
    packed: string;
  }
}

/** Vitest's global set-up: builds the bundle, gives every test file its path, and removes everything at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const bundle = await buildBundle();
  const packed = `${bundle}-packed`;
  project.provide('bundle', bundle);
  project.provide('packed', packed);
  return async () => {
    await rm(bundle, { recursive: true });
    await rm(packed, { recursive: true, force: true });
  };
}

/**
 * Bundles the Worker with wrangler.
 * @param entry an entry module to use instead of that of wrangler.toml
 * @returns a new folder: index.js (or the entry's name) and the text modules it imports
 * @throws Error with wrangler's output if bundling fails
 */
export async function buildBundle(entry?: string, ...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-error-interceptor-'));
  const wrangler = join(root, 'node_modules/.bin/wrangler');
  const args = [
    'deploy',
    ...(entry === undefined ? [] : [entry]),
    '--dry-run',
    '--outdir',
    folder,
    ...options,
  ];
  // wrangler runs in the Node of this process: the one on the PATH may be too old for it.
  await promisify(execFile)(process.execPath, [wrangler, ...args], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  return folder;
}
