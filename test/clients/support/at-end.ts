/** What has to be stopped or removed when the tests of a file have ended, passed or not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const endings: (() => Promise<unknown>)[] = [];

// Once a file: vitest loads this module anew for each.
afterAll(async () => {
  for (const ending of endings.reverse()) await ending();
});

/** Does this at the end, last come first served. */
export function atEnd(ending: () => Promise<unknown>): void {
  endings.push(ending);
}

/** A new folder, until the end. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
