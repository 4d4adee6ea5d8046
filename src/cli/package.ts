/** The package of the commands: a checkout, or a package that npm installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textProperty } from '../untrusted.ts';

// src/cli in a checkout and dist/cli in the package are equally deep.
const root = join(import.meta.dirname, '../..');

/** True in a checkout of the repository, false in the built package. */
export const isCheckout = import.meta.url.endsWith('.ts');

/** The path of the Worker's page template. */
export const ownPage = join(root, 'src/page/page.html');

/** The version in package.json. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return textProperty(manifest, 'version');
}
