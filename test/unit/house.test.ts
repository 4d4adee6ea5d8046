/** The imports between the files of src go one way, along the sentence in src/index.ts. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.m?ts$/.test(name));

/** The files that each file imports, for types too. */
const imports = new Map(
  files.map((file) => {
    const found = readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+\.ts)'/g);
    return [file, [...found].map(([, path = '']) => relative(src, join(src, dirname(file), path)))];
  }),
);

/** A circle of imports that leads from a file back to itself, if there is one. */
function circleFrom(file: string, way: readonly string[] = []): readonly string[] | undefined {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (whole.has(file)) return undefined;
  for (const next of imports.get(file) ?? []) {
    const circle = circleFrom(next, [...way, file]);
    if (circle !== undefined) return circle;
  }
  whole.add(file);
  return undefined;
}
const whole = new Set<string>();

it('has no circle', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.map((file) => circleFrom(file)).find((circle) => circle !== undefined)).toBeUndefined();
});

it.each([
  ['log/', /^(?:answer|cli)\/|^(?:index|intercept|origin|application)\.ts$/],
  ['answer/', /^(?:cli)\/|^(?:index|intercept|origin|application)\.ts$/],
  ['page/', /^(?:answer|log|cli)\/|^(?!untrusted)\w[\w-]*\.ts$/],
])('nothing in %s leads back up', (folder, above) => {
  const inside = files.filter((file) => file.startsWith(folder));
  expect(inside).not.toEqual([]);
  const arrows = inside.flatMap((file) =>
    (imports.get(file) ?? []).filter((path) => above.test(path)).map((path) => `${file} → ${path}`),
  );
  expect(arrows).toEqual([]);
});

it('takes nothing of what runs on an operator’s machine into the Worker', () => {
  const worker = files.filter((file) => !file.startsWith('cli/'));
  const arrows = worker.flatMap((file) =>
    (imports.get(file) ?? []).filter((path) => path.startsWith('cli/')),
  );
  expect(arrows).toEqual([]);
});

it('takes nothing of the tests', () => {
  for (const file of files) {
    expect(readFileSync(join(src, file), 'utf8'), file).not.toMatch(/(?:from|import\() ?'[./]*\/test\//);
  }
});
