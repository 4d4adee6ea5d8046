/** Keeps the deletions of cookies in an origin's failed answer: a corrupt session may be the cause of the failure. */
import { cookieDate } from './cookie-date.ts';

const MAXIMUM_COOKIES = 20;
const MAXIMUM_LENGTH = 2000;
const PRINTABLE = /^[ -~]*$/;
/** A token (RFC 6265 §4.1.1), and the brackets of PHP's `cart[id]`. */
const NAME = /^[\w!#$%&'*+.^`|~[\]-]+$/;
/** The path of a URL (RFC 3986 §3.3). */
const PATH = /^\/[\w.~!$&'()*+,=:@%/-]*$/;
const DOMAIN = /^\.?[a-z\d_-]+(?:\.[a-z\d_-]+)*$/i;

/**
 * Picks the `Set-Cookie` headers that delete a cookie, and writes them anew: the value is empty, and every
 * attribute is one of RFC 6265bis with a checked value. A browser deletes the cookie that the origin meant, and gets
 * no other text of the origin. Never throws. Takes linear time.
 * @param now in milliseconds since 1970
 * @returns at most 20 headers
 */
export function cookieDeletions(setCookies: readonly string[], now: number): string[] {
  const deletions: string[] = [];
  for (const setCookie of setCookies) {
    const deletion = deletionIn(setCookie, now);
    if (deletion !== undefined) deletions.push(deletion);
    if (deletions.length === MAXIMUM_COOKIES) break;
  }
  return deletions;
}

function deletionIn(setCookie: string, now: number): string | undefined {
  // A browser refuses a cookie with control characters.
  if (setCookie.length > MAXIMUM_LENGTH || /\p{Cc}/u.test(setCookie)) return undefined;
  const [pair = '', ...attributes] = setCookie.split(';');
  if (!attributes.every((attribute) => PRINTABLE.test(attribute))) return undefined;
  const [name = '', value] = splitAtEquals(pair);
  if (value === undefined || !NAME.test(name)) return undefined;

  const { maxAge, expires, path, domain, sameSite, flags } = read(attributes);
  if (maxAge === undefined ? (expires ?? Infinity) > now : maxAge > 0) return undefined;
  // Do not drop a bad path or domain: without it, the header would delete another cookie.
  if (path !== undefined && !PATH.test(path)) return undefined;
  if (domain !== undefined && !DOMAIN.test(domain)) return undefined;
  return [
    `${name}=`,
    'Max-Age=0',
    ...(path === undefined ? [] : [`Path=${path}`]),
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...FLAGS.filter((flag) => flags.has(flag.toLowerCase())),
    ...(sameSite === undefined ? [] : [`SameSite=${sameSite}`]),
  ].join('; ');
}

interface Attributes {
  /** In seconds. */
  maxAge?: number;
  /** In milliseconds since 1970. */
  expires?: number | undefined;
  path?: string | undefined;
  domain?: string | undefined;
  sameSite?: string | undefined;
  /** The attributes without a value, and all unknown ones, in lower case. */
  readonly flags: Set<string>;
}

/** Reads attributes as browsers do (RFC 6265bis §5.6): the last of a name counts, and unknown ones are ignored. */
function read(attributes: readonly string[]): Attributes {
  const found: Attributes = { flags: new Set() };
  for (const attribute of attributes) {
    const [name, value = ''] = splitAtEquals(attribute);
    switch (name.toLowerCase()) {
      case 'max-age':
        if (/^-?\d+$/.test(value)) found.maxAge = Number(value);
        break;
      case 'expires':
        found.expires = cookieDate(value) ?? found.expires;
        break;
      case 'path':
        // A value without a slash means the path of the request, as no path does.
        found.path = value.startsWith('/') ? value : undefined;
        break;
      case 'domain':
        found.domain = value === '' || value === '.' ? undefined : value;
        break;
      case 'samesite':
        found.sameSite = ['Strict', 'Lax', 'None'].find(
          (known) => known.toLowerCase() === value.toLowerCase(),
        );
        break;
      default:
        found.flags.add(name.toLowerCase());
    }
  }
  return found;
}

const FLAGS = ['Secure', 'HttpOnly', 'Partitioned'];

/** The parts before and after the first `=`, trimmed. Without a `=` the second is undefined. */
function splitAtEquals(text: string): [string, string?] {
  const at = text.indexOf('=');
  return at < 0 ? [text.trim()] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}
