/**
 * The rules for secrets and personal data in a text. None looks at a character more often than a fixed number of
 * times: a pattern begins only where a run of its characters begins, and what was found is not looked into again.
 */
import { eachMatch, lastInLine } from './find.ts';
import { assignments, attributes, options } from './secret-assignments.ts';
import type { Rule } from './secret-rule.ts';
import { linkRule, urlRule } from './secrets-in-urls.ts';

const LONGEST_BEFORE = 64;

/**
 * A rule for what a pattern alone can find.
 * @param mark a text without which there is none to find
 * @param accept has the last word; it gets what was found and, where it asks, the text before it
 */
function shape(
  mark: string,
  pattern: RegExp,
  accept: (found: string, before: () => string) => boolean = () => true,
): Rule {
  return ({ view }, hide) => {
    if (!view.includes(mark)) return;
    eachMatch(pattern, view, ({ 0: found, index }, end) => {
      if (accept(found, () => view.slice(Math.max(0, index - LONGEST_BEFORE), index))) hide(index, end);
    });
  };
}

/** Keys that services mark as such by how they begin. */
export const MARKED_KEY =
  /^(?:A(?:KIA|SIA|ROA|IDA|GPA|NPA)[0-9A-Z]{12}|AIza[\w-]{20}|GOCSPX-|gl[a-z]{2,5}[-_][\w-]{16}|sq0[a-z]{3}-|figd_|cf(?:ut|at|k)_|secret_[A-Za-z0-9]{20}|pat-[a-z]{2}\d-|xox[a-z]-|xapp-|sk-|[rsp]k_(?:live|test)_|whsec_|gh[a-z]_|github_pat_|npm_[A-Za-z0-9]{20}|pypi-|hf_|NRAK-|key-[0-9a-z]{30}|dop_v1_|shp[a-z]{2}_|dckr_pat_|lin_api_|ATATT)/;
const LONG_HEX = /[0-9a-f]{32}/i;
const LONGEST_NAME = 20;

function hasThreeClasses(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);
}

/** Random text changes its kind of character all the time; words joined by dashes do not. */
function looksRandom(text: string): boolean {
  let changes = 0;
  for (const _ of text.matchAll(CHANGE)) {
    if (++changes === 8) return /[a-z][A-Z]/.test(text) && hasThreeClasses(text);
  }
  return false;
}

const CHANGE = /[a-z](?=[A-Z0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])/g;

/** 32 or more hex digits; 21 or more of `[A-Za-z0-9_]` with upper case, lower case and a digit; marked keys. */
function isToken(run: string): boolean {
  return (
    MARKED_KEY.test(run) ||
    LONG_HEX.test(run) ||
    (run.length > LONGEST_NAME &&
      (looksRandom(run) ||
        run.split('-').some((part) => part.length > LONGEST_NAME && hasThreeClasses(part))))
  );
}

const tokens = shape('', /(?<![\w-])[\w-]{16,}/g, isToken);
/** https://www.rfc-editor.org/rfc/rfc7519: three parts; `eyJ` is `{"` in base64url. */
const webTokens = shape('eyJ', /(?<![A-Za-z0-9])eyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g);

/** OAuth tokens of Google's: https://developers.google.com/identity/protocols/oauth2#size */
const googleTokens = shape('', /(?<![\w./-])(?:ya29\.[\w-]{10}|1\/\/0[\w-]{16})[\w-]*/g);
/** Hashes of passwords, as crypt(3) and its successors write them: salt and hash can be tried at home. */
const passwordHashes = shape(
  '$',
  /\$(?:argon2\w{0,2}|scrypt|pbkdf2[\w-]{0,12}|2[abxy]|[156y])\$[\w$=.,+/-]{8,}/g,
);

/** ASP.NET puts its cookieless sessions into paths: `/(S(…))/`. */
const cookielessSessions = shape('(', /(?<=\([ASF]\()[\w-]{16,}/g);

/** Words that follow "bearer" in prose. */
const PROSE =
  /^(?:tokens?|auth\w*|realm\b.*|scheme|type|errors?|headers?|is|was|not|and|or|from|in|for|with|required|missing|invalid|expired|methods?|formats?|values?|only|has|must|should)[.,:;)"']?$/i;

const SCHEME = /\b(bearer|basic|digest|negotiate|apikey|token)[ ,:=]{1,8}(\S+)/gi;

/** The credentials behind the name of an authentication scheme (RFC 9110 §11.4). */
const schemes: Rule = ({ view }, hide) =>
  eachMatch(SCHEME, view, ([, scheme = '', value = ''], end) => {
    const isCredential =
      scheme.toLowerCase() === 'bearer'
        ? !PROSE.test(value.slice(0, 100))
        : value.length >= 8 &&
          /\d|=|.[A-Z]/.test(value.slice(0, 4096)) &&
          /^[\w+/=~.-]+["')\]},;.]*$/.test(value);
    if (isCredential) hide(end - value.length, end);
  });

/** What has an `@` and a domain behind it (RFC 5322 §3.4.1); a version behind a package's name is no domain. */
const emailAddresses = shape(
  '@',
  /(?<![^\s@"'<>()[\]{}|,;:=/&?#\\])(?:[^\s@"'<>()[\]{}|,;:=/&?#\\]+|(?<="))@[a-z0-9\u0080-\uffff.-]+/gi,
  (found, before) => {
    const domain = found.slice(found.indexOf('@') + 1).replace(/[.-]{1,3}$/, '');
    return (
      /\.(?:[a-z\u0080-\uffff]{2,}|xn--[a-z0-9-]+)$/i.test(domain) &&
      !found.startsWith('git@') &&
      !/^(?:\d+\.\d+\.\d|\d+x\.)/.test(domain) &&
      !IN_AUTHORITY.test(before())
    );
  },
);
/** There it is userinfo, and what follows is the host. */
const IN_AUTHORITY = /:\/\/[^\s/?#]*$/;

/** Four numbers are a version behind such a word, and where only the first is not zero. */
const ipv4Addresses = shape(
  '.',
  /(?<![A-Za-z0-9]|\d\.)\d{1,3}(?:\.\d{1,3}){3}(?![A-Za-z0-9]|\.\d)/g,
  (found, before) =>
    found.split('.').every((part) => Number(part) < 256) &&
    !/^\d+\.0\.0\.0$/.test(found) &&
    !/(?:version|build|release)[ =:]*$/i.test(before()),
);

/** https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
const ipv6Addresses = shape(':', /(?<![\w:])(?=[0-9a-f]{0,4}:)[0-9a-f:]{3,}(?!\w)/gi, (found) => {
  if (found.length > 40 || !/\d/.test(found)) return false;
  const address = found.endsWith(':') && !found.endsWith('::') ? found.slice(0, -1) : found;
  const groups = address.split(':');
  const isShort = address.includes('::');
  return groups.every((group) => group.length <= 4) && (isShort ? groups.length <= 9 : groups.length === 8);
});

/**
 * 13 to 19 digits together, or in the groups that are printed on cards; for how they begin see
 * https://en.wikipedia.org/wiki/Payment_card_number
 */
const CARD_NUMBER =
  /(?<![A-Za-z0-9]|\d\.)(?=[3-6]|2[2-7]|2131)(?:\d{13,19}|\d{4}[ ,+.-]\d{6}[ ,+.-]\d{4,5}|\d{4}(?:[ ,+.-]\d{4}){2}[ ,+.-]\d{1,4}([ ,+.-]\d{1,3})?)(?![A-Za-z0-9])/g;

const cardNumbers: Rule = ({ view }, hide) =>
  eachMatch(CARD_NUMBER, view, ({ 0: whole, 1: last = '', index }) => {
    const length = [whole.length, whole.length - last.length].find((end) => passesLuhn(whole.slice(0, end)));
    if (length !== undefined) hide(index, index + length);
    // Where it was none, one may begin within.
    return index + (length ?? 1);
  });

/** https://www.iso.org/standard/70484.html, annex B */
function passesLuhn(number: string): boolean {
  let sum = 0;
  let isSecond = false;
  for (let i = number.length - 1; i >= 0; i--) {
    const digit = number.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) continue;
    sum += isSecond ? digit * 2 - (digit > 4 ? 9 : 0) : digit;
    isSecond = !isSecond;
  }
  return sum % 10 === 0;
}

/** https://www.rfc-editor.org/rfc/rfc7468#section-10 */
const KEY_BEGIN = /-----BEGIN [A-Z ,]{0,40}PRIVATE[ ,]KEY[A-Z ,]{0,10}-----/g;

const privateKeys: Rule = ({ view }, hide) =>
  eachMatch(KEY_BEGIN, view, (_, start) => {
    const keyEnd = view.indexOf('-----END', start);
    const end = keyEnd < 0 ? view.length : keyEnd;
    hide(start, end);
    return end;
  });

/** PHP's stacks show what a function was called with: for these, a password by its place and without a name. */
const LOGIN_CALL =
  /\b(?:(?:PDO|mysqli)(?:->|::)__construct|new (?:PDO|mysqli)|mysqli?(?:_|->|::)(?:real_)?p?connect|pg_p?connect|createPdoConnection|ldap_bind|(?:ftp|imap|ssh2_auth)_(?:login|open|password)|password_(?:hash|verify))\(/gi;

const loginArguments: Rule = ({ view }, hide) =>
  eachMatch(LOGIN_CALL, view, (_, start) => {
    // A password may hold brackets: the last one of the line is the call's own.
    const end = lastInLine(view, start, ')');
    hide(start, end);
    return end;
  });

/** All that is taken out of a text. */
export const secretRules: readonly Rule[] = [
  urlRule,
  linkRule,
  assignments,
  attributes,
  options,
  schemes,
  webTokens,
  tokens,
  googleTokens,
  passwordHashes,
  cookielessSessions,
  emailAddresses,
  ipv4Addresses,
  ipv6Addresses,
  cardNumbers,
  privateKeys,
  loginArguments,
];
