/** Uses the proxy in the environment for requests to Cloudflare's API. */
import http from 'node:http';
import type { Surroundings } from './command.ts';

/**
 * Sends the requests of this process through that proxy. Node can do so from 24.14 on.
 * @param notice is called with a sentence for the operator if there is a proxy that Node cannot use
 * @returns a function that undoes it
 */
export function useProxy(env: Surroundings['env'], notice: (text: string) => void): () => void {
  const name = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((variable) => env[variable]);
  // With NODE_USE_ENV_PROXY, Node uses the proxy by itself.
  if (name === undefined || env['NODE_USE_ENV_PROXY'] === '1') return () => {};
  if (typeof http.setGlobalProxyFromEnv === 'function') return http.setGlobalProxyFromEnv(env);
  notice(
    `${name} is set, but Node ${process.version} does not use it here: use Node 24.14 or later, or set NODE_USE_ENV_PROXY=1 with Node 22.21 or later.`,
  );
  return () => {};
}
