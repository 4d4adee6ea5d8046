/** The host that a request is for. */

/** A name or an address, perhaps with a port: nothing that would mean another host or path within a URL. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{0,5})?$/i;

/**
 * The host that was asked, as the visitor wrote it; undefined where there can be no such host. The runtime puts
 * the Host header before the target as it came, so that in the URL of a request `Host: a?b` moves the path into
 * a query. Never throws.
 */
export function hostOf({ url, headers }: Request): string | undefined {
  // A request that another Worker made has no such header. Behind `OPTIONS *`, a URL has no slash after the host.
  const host = headers.get('host') ?? /^\w+:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(url)?.[1] ?? '';
  return HOST.test(host) ? host : undefined;
}
