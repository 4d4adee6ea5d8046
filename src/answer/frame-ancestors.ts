/** Who may show the site in a frame, by the origin's own `Content-Security-Policy`. */

const MAXIMUM_LENGTH = 2000;
const ORIGIN = /^https?:\/\/[a-z\d_-]+(?:\.[a-z\d_-]+)*(?::\d{1,5})?$/;
const NONE = "'none'";

/**
 * The value of `frame-ancestors` for our policy, where the origin's has that directive. Anything but `'none'`,
 * or a list of `'self'` and plain origins, becomes `'none'`; so do several policies that differ. Never throws.
 * @param policies the header `Content-Security-Policy`; several are joined by commas
 * @returns undefined where the origin says nothing of frames
 */
export function frameAncestors(policies: string | null): string | undefined {
  const lists = (policies ?? '').split(',').flatMap((policy) => sourcesIn(policy) ?? []);
  const [value] = lists;
  return lists.every((list) => inOrder(list) === inOrder(value ?? '')) ? value : NONE;
}

/** Of one policy, in lower case. A directive that comes twice counts where it stands first (CSP3 §2.2.1). */
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

/** Lists that name the same sources are the same in this order. */
function inOrder(sources: string): string {
  return [...new Set(sources.split(' '))].toSorted().join(' ');
}
