/** Reads from the origin's own `Content-Security-Policy` who may show the site in a frame. */

const MAXIMUM_LENGTH = 2000;
const ORIGIN = /^https?:\/\/[a-z\d_-]+(?:\.[a-z\d_-]+)*(?::\d{1,5})?$/;
const NONE = "'none'";

/**
 * The value of `frame-ancestors` for our policy. A list of `'self'` and plain origins is kept. Any other value
 * becomes `'none'`, and so do several policies that differ. Never throws.
 * @param policies the header `Content-Security-Policy`, perhaps several policies joined by commas
 * @returns undefined if the origin does not have this directive
 */
export function frameAncestors(policies: string | null): string | undefined {
  const lists = (policies ?? '').split(',').flatMap((policy) => sourcesIn(policy) ?? []);
  const [value] = lists;
  return lists.every((list) => inOrder(list) === inOrder(value ?? '')) ? value : NONE;
}

/** The sources in one policy, in lower case. If a directive comes twice, the first counts (CSP3 §2.2.1). */
function sourcesIn(policy: string): string | undefined {
  for (const directive of policy.split(';')) {
    const [name = '', ...sources] = directive
      .trim()
      .toLowerCase()
      .split(/[\t ]+/);
    if (name !== 'frame-ancestors') continue;
    const isPlain = sources.every((source) => source === "'self'" || ORIGIN.test(source));
    const value = sources.join(' ');
    return isPlain && value !== '' && value.length <= MAXIMUM_LENGTH ? value : NONE;
  }
  return undefined;
}

/** Sorts the sources, so that two lists of the same sources are equal. */
function inOrder(sources: string): string {
  return [...new Set(sources.split(' '))].toSorted().join(' ');
}
