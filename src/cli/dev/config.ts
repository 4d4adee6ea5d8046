/** Reads the port and the operator's own settings that wrangler dev will use. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse as parseToml } from '@decimalturn/toml-patch';
import { parse as parseJson } from 'jsonc-parser';
import { settingsTable } from '../../settings.ts';
import { attempt, property } from '../../untrusted.ts';

const WRANGLERS_OWN_PORT = 8787;

/** Reads a configuration file. Does not report errors in it: wrangler does. */
export function readConfig(file: string): unknown {
  const parse = /\.toml$/i.test(file) ? parseToml : parseJson;
  return attempt((): unknown => parse(readFileSync(file, 'utf8')));
}

/** The port in `[dev]`, else wrangler's default. */
export function portIn(config: unknown): number {
  const port = ['dev', 'port'].reduce(property, config);
  return typeof port === 'number' ? port : WRANGLERS_OWN_PORT;
}

/**
 * The settings that you have set, with their values: in the configuration, in `.dev.vars`, or by `--var`.
 * @param words the part of the command line that goes to wrangler
 */
export function ownSettings(
  file: string,
  config: unknown,
  words: readonly string[],
): ReadonlyMap<string, unknown> {
  const environment = optionValue(words, ['--env', '-e']) ?? process.env['CLOUDFLARE_ENV'];
  const path = environment ? ['env', environment, 'vars'] : ['vars'];
  const secrets = [environment ? `.dev.vars.${environment}` : '', '.dev.vars']
    .filter(Boolean)
    .map((name) => join(dirname(file), name))
    .find((name) => existsSync(name));
  const typed = words.flatMap((word, index) => (word === '--var' ? [words[index + 1] ?? ''] : []));
  return new Map(
    [
      ...Object.entries(Object(path.reduce(property, config))).filter(isChanged),
      ...Object.entries(secrets === undefined ? {} : parseEnv(readFileSync(secrets, 'utf8'))),
      ...typed.map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)] as const),
    ].filter(([, value]) => value !== ''),
  );
}

/** False for a setting that the file names with its default, as wrangler.toml does when it is new. */
function isChanged([name, value]: readonly [string, unknown]): boolean {
  const byDefault = property(property(settingsTable, name), 'fallback');
  return byDefault === undefined || String(value) !== String(byDefault);
}

function optionValue(words: readonly string[], names: readonly string[]): string | undefined {
  const index = words.findIndex((word) => names.includes(word.replace(/=.*/s, '')));
  if (index < 0) return undefined;
  const word = words[index];
  return word?.includes('=') ? word.slice(word.indexOf('=') + 1) : words[index + 1];
}

/** True if wrangler can listen on this port. Without this check it fails with a hundred lines. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
