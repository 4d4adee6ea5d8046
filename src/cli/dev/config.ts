/** Reads the port and the operator's own settings as wrangler dev does. */
import { createServer } from 'node:net';
import { settingsTable } from '../../settings.ts';
import { property } from '../../untrusted.ts';
import { readConfig } from '../check/find-config.ts';
import { loadWrangler } from '../wrangler.ts';

const WRANGLERS_OWN_PORT = 8787;

/**
 * Reads a configuration file, and the files of variables beside it.
 * @returns the port in `[dev]`, else wrangler's default, and the names of the settings that the files set
 * @throws CommandFailure if wrangler cannot read it
 */
export function readDevConfig(file: string, env: string | undefined) {
  return readConfig(file, async () => {
    const { unstable_readConfig, unstable_getVarsForDev } = await loadWrangler();
    const { vars, dev } = unstable_readConfig({ config: file, env }, { hideWarnings: true });
    const bindings = unstable_getVarsForDev(file, undefined, vars, env, true);
    const own = Object.entries(bindings).filter(
      ([name, { type, value }]) => value !== '' && (type === 'secret_text' || isChanged(name, value)),
    );
    return { port: dev.port ?? WRANGLERS_OWN_PORT, own: own.map(([name]) => name) };
  });
}

/** False for a setting that the file names with its default, as wrangler.toml does when it is new. */
function isChanged(name: string, value: unknown): boolean {
  const byDefault = property(property(settingsTable, name), 'fallback');
  return byDefault === undefined || String(value) !== String(byDefault);
}

/** Settings that show more of the product. */
const SAMPLES = {
  ORIGIN_TIMEOUT_MS: '3000',
  SUPPORT_URL: 'mailto:support@shop.example',
  STATUS_PAGE_URL: 'https://status.shop.example',
  LOG_ORIGIN_BODY_BYTES: '1024',
};

/**
 * The variables for wrangler: yours where you have set them, else the samples. The command exists for the failing
 * origin, so it takes another one only from the command line.
 * @param own the names of the settings that are set
 * @param typed `NAME:VALUE` from the command line
 */
export function devVariables(own: readonly string[], typed: readonly string[], originUrl: string): string[] {
  const samples = Object.entries(SAMPLES).filter(([name]) => !own.includes(name));
  return [...samples.map((sample) => sample.join(':')), `ORIGIN_URL:${originUrl}`, ...typed];
}

/** True if wrangler can listen on this port. Without this check it fails with a hundred lines. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
