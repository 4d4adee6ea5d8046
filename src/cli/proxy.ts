/** The proxy that the environment names for requests to Cloudflare's API. */
import http from 'node:http';
import type { Surroundings } from './command.ts';

/**
 * Sends the requests of this process by that proxy, where this Node can (24.14 and later).
 * @param notice is told where there is a proxy that is not used
 * @returns what undoes it
 */
export function useProxy(env: Surroundings['env'], notice: (text: string) => void): () => void {
  const name = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((variable) => env[variable]);
  // Told so, Node uses it by itself.
  if (name === undefined || env['NODE_USE_ENV_PROXY'] === '1') return () => {};
  if (typeof http.setGlobalProxyFromEnv === 'function') return http.setGlobalProxyFromEnv(env);
  notice(
    `${name} is set, but Node ${process.version} does not use it here: use Node 24.14 or later, or set NODE_USE_ENV_PROXY=1 with Node 22.21 or later.`,
  );
  return () => {};
}
