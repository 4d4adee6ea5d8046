/** The package that the commands belong to: a checkout, or what npm installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textProperty } from '../untrusted.ts';

// src/cli in a checkout and dist/cli in the package are equally deep.
const root = join(import.meta.dirname, '../..');

/** True in a checkout of the repository, false in the package that is built of it. */
export const isCheckout = import.meta.url.endsWith('.ts');

/** The page template that the Worker has. */
export const ownPage = join(root, 'src/page/page.html');

/** The version, as package.json has it. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return textProperty(manifest, 'version');
}
