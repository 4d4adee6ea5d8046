/** The links that a site sets, with the host and the ID of one failure in them. */

/**
 * SUPPORT_URL of one failure. A mail address without a query gets a subject and a body (RFC 6068) with what support
 * will ask for: host and ID, and no word of ours. The visitor sends it, the site's people read it, and they may share
 * no language.
 * @returns undefined where `{host}` is in it, and the host is no name that a link may hold
 */
export function supportLink(supportUrl: string, requestId: string, host: string): string | undefined {
  const link = withHost(supportUrl, host)?.replaceAll('{request_id}', encodeURIComponent(requestId));
  if (link === undefined || !/^mailto:[^?]*$/i.test(link)) return link;
  const subject = encodeURIComponent(`${host}: ${requestId}`);
  const body = encodeURIComponent(`\r\n\r\n${host}\r\n${requestId}\r\n`);
  return `${link}?subject=${subject}&body=${body}`;
}

const PLAIN_HOST = /^[a-z0-9.-]+$/;
// Only a label of an IPv4 address may end in a digit: https://url.spec.whatwg.org/#ends-in-a-number-checker
const IPV4_ADDRESS = /^\d+(?:\.\d+)*\.?$/;

/** A link with the visitor's host in it, for `{host}`; undefined where that is no name that a link may hold. */
export function withHost(link: string, host: string): string | undefined {
  if (!link.includes('{host}')) return link;
  if (!PLAIN_HOST.test(host) || IPV4_ADDRESS.test(host)) return undefined;
  return link.replaceAll('{host}', host);
}
