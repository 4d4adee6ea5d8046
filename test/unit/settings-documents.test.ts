/** A setting is documented in all places, with the words of the one table of settings. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { settingsTable } from '../../src/settings.ts';
import { headings, settingRows } from '../support/settings-table.ts';
import { rowsIn } from '../support/markdown.ts';

const root = `${import.meta.dirname}/../..`;
const [readme, wranglerToml, manifest] = await Promise.all(
  ['README.md', 'wrangler.toml', 'package.json'].map((name) => readFile(`${root}/${name}`, 'utf8')),
);

/** Secrets are set by `wrangler secret put`, and no file holds them. */
const variables = Object.entries(settingsTable).filter(([, { isSecret }]) => isSecret !== true);

test.each(Object.entries(headings))('the README has a row for every setting about %s', (about, heading) => {
  // `npx node test/support/settings-table.ts` prints the right tables.
  const section = readme?.split(`\n### ${heading}\n`)[1] ?? '';
  const settings = Object.entries(settingsTable).filter(([, rule]) => rule.about === about);
  expect(rowsIn(section)).toEqual(settingRows(settings));
});

test('wrangler.toml has every setting but the secret ones, with its meaning', () => {
  const [, block = ''] = /^\[vars\]\n([^]*?)\n\n/m.exec(wranglerToml ?? '') ?? [];
  // Any value is right: the values are the operator's.
  const lines = [...block.matchAll(/^([A-Z_]+) = .*?\s+# (.*)$/gm)];
  expect(lines.map(([, name, comment]) => [name, comment])).toEqual(
    variables.map(([name, { meaning }]) => [name, meaning]),
  );
});

test('package.json tells the Deploy button what each setting means', () => {
  const { cloudflare } = JSON.parse(manifest ?? '');
  expect(cloudflare.bindings).toEqual(
    Object.fromEntries(variables.map(([name, { meaning }]) => [name, { description: meaning }])),
  );
});

test('the staging block of wrangler.toml, commented out or not, has the same settings', () => {
  const [, block = ''] = /^(?:# )?\[env\.staging\.vars\]\n([^]*?)\n#?\n/m.exec(wranglerToml ?? '') ?? [];
  expect([...block.matchAll(/^(?:# )?([A-Z_]+) = /gm)].map(([, name]) => name)).toEqual(
    variables.map(([name]) => name),
  );
});
