/**
 * The package as npm packs it, made once for all test files of a run. It is packed from a copy of this repository,
 * because packing builds, and changes package.json meanwhile.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const repository = join(import.meta.dirname, '../..');
const sources = ['package.json', 'tsconfig.json', 'README.md', 'LICENSE', 'src'];

/** The package, and the copy of the repository from which it was packed. */
interface PackedPackage {
  readonly tarball: string;
  readonly checkout: string;
}

/** Packs the package, or waits until another test file has packed it. */
export async function packPackage(): Promise<PackedPackage> {
  const folder = inject('packed');
  const done = join(folder, 'done');
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isFirst) await pack(folder, done);
  for (;;) {
    const [name] = await readdir(done).catch((): string[] => []);
    if (name !== undefined) return { tarball: join(done, name), checkout: join(folder, 'checkout') };
    await sleep(200);
  }
}

/** @param done the folder that exists once the package is in it */
async function pack(folder: string, done: string): Promise<void> {
  const [checkout, packing] = [join(folder, 'checkout'), join(folder, 'packing')];
  await mkdir(packing);
  await Promise.all(
    sources.map((name) => cp(join(repository, name), join(checkout, name), { recursive: true })),
  );
  await symlink(join(repository, 'node_modules'), join(checkout, 'node_modules'));
  await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', packing], { cwd: checkout });
  await rename(packing, done);
}
