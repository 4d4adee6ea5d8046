/** Where wrangler dev is going to listen. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { parse as parseToml } from '@decimalturn/toml-patch';
import { parse as parseJson } from 'jsonc-parser';
import { attempt, property } from '../../untrusted.ts';

const WRANGLERS_OWN = 8787;

/** The port of `[dev]` in a configuration file; without one, wrangler's own. */
export function portIn(config: string): number {
  const parse = /\.toml$/i.test(config) ? parseToml : parseJson;
  // What cannot be read wrangler complains of itself.
  const settings = attempt((): unknown => parse(readFileSync(config, 'utf8')));
  const port = property(property(settings, 'dev'), 'port');
  return typeof port === 'number' ? port : WRANGLERS_OWN;
}

/** Whether wrangler can listen there: where it cannot, it says so in a hundred lines. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
