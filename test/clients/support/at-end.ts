/** Stops and removes things after the tests of a file have ended, passed or not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const endings: (() => Promise<unknown>)[] = [];

// Vitest loads this module again for each file, so there is one list for each file.
afterAll(async () => {
  for (const ending of endings.reverse()) await ending();
});

/** Runs this function at the end. The last one added runs first. */
export function atEnd(ending: () => Promise<unknown>): void {
  endings.push(ending);
}

/** A new folder. It is removed at the end. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
