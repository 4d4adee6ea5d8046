/** The package as npm packs it, from a copy of this repository: packing builds, and changes package.json meanwhile. */
import { execFile } from 'node:child_process';
import { cp, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const repository = join(import.meta.dirname, '../..');
const sources = ['package.json', 'tsconfig.json', 'README.md', 'LICENSE', 'src'];

/**
 * Copies and packs.
 * @param folder gets the copy, as `checkout`, and the tarball
 */
export async function packPackage(folder: string): Promise<{ checkout: string; tarball: string }> {
  const checkout = join(folder, 'checkout');
  await Promise.all(
    sources.map((name) => cp(join(repository, name), join(checkout, name), { recursive: true })),
  );
  await symlink(join(repository, 'node_modules'), join(checkout, 'node_modules'));
  await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: checkout });
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error('npm packed nothing');
  return { checkout, tarball: join(folder, name) };
}
