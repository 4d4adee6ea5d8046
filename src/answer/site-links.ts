/** Fills the links that the operator set with the host and the ID of a failure. */

/**
 * SUPPORT_URL for one failure. A mail address without a query gets a subject and a body (RFC 6068) with the host and
 * the ID, for which support will ask. They have no words of ours, because the visitor and the support staff may not
 * share a language.
 * @returns undefined if the link has `{host}` and the host is no name that a link may hold
 */
export function supportLink(supportUrl: string, requestId: string, host: string): string | undefined {
  const link = withHost(supportUrl, host)?.replaceAll('{request_id}', encodeURIComponent(requestId));
  if (link === undefined || !/^mailto:[^?]*$/i.test(link)) return link;
  const subject = encodeURIComponent(`${host}: ${requestId}`);
  const body = encodeURIComponent(`\r\n\r\n${host}\r\n${requestId}\r\n`);
  return `${link}?subject=${subject}&body=${body}`;
}

const PLAIN_HOST = /^[a-z0-9.-]+$/;
// A host that ends in a number is an IPv4 address: https://url.spec.whatwg.org/#ends-in-a-number-checker
const IPV4_ADDRESS = /^\d+(?:\.\d+)*\.?$/;

/** Replaces `{host}` in a link by the visitor's host. Undefined if that is no name that a link may hold. */
export function withHost(link: string, host: string): string | undefined {
  if (!link.includes('{host}')) return link;
  if (!PLAIN_HOST.test(host) || IPV4_ADDRESS.test(host)) return undefined;
  return link.replaceAll('{host}', host);
}
