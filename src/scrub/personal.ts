/** Kind d: finds personal data: e-mail addresses, IP addresses, card numbers. */
import { eachMatch } from './find.ts';
import { patternRule, type Rule } from './rule.ts';

/** Texts behind an `@` that is not in an address: units of systemd, files, versions, and digests of images. */
const NO_DOMAIN =
  /\.(?:service|socket|timer|target|mount|slice|scope|path|png|jpe?g|gif|svg|webp|avif|ico|[cm]?[jt]sx?|css|map|json|ya?ml|tgz|zip|gz|go|py|rb|php|java|jar|html?)$|^(?:v?\d+[.x]|sha\d+$|\^|~)/i;

/** A path on another machine, as rsync and scp take it: `deploy@web1.internal:/srv` */
const REMOTE_PATH = /^:[/~]/;

/** Hides texts with an `@` and a domain behind it: RFC 5322 §3.4.1. */
export const emailAddresses = patternRule(
  'd e-mail address',
  /@/,
  /(?<![^\s@"'`<>()[\]{}|,;:=/&?#\\¦␤])(?:[^\s@"'`<>()[\]{}|,;:=/&?#\\¦␤]+|(?<="))@[a-z0-9\u0080-\uffff.-]+/gi,
  (found, before, after) => {
    if (REMOTE_PATH.test(after)) return false;
    const domain = found.slice(found.indexOf('@') + 1).replace(/[.…-]{1,3}$/, '');
    return (
      /\.(?:[a-z\u0080-\uffff]{2,}|xn--[a-z0-9-]+)$/i.test(domain) &&
      !found.startsWith('git@') &&
      !NO_DOMAIN.test(domain) &&
      !/:\/\/[^\s/?#]*$/.test(before)
    );
  },
);

/** Four numbers are a version behind the name of a product, or behind a word such as `version`. */
const VERSION_BEFORE =
  /(?:(?:version|build|release|rel|revision|ver|v)["']?[ =:]*["']?|(?:^|[\s("';,[])[A-Za-z][\w.+-]*\/)$/i;
/** A product as in `Rails 7.1.3.2`. The numbers of a version are mostly smaller than those of an address. */
const PRODUCT_BEFORE = /(?:^|[^\w])[A-Z][A-Za-z]+ $/;
const SMALL = /^(?!10\.)(?:[0-2]?\d\.){3}[0-2]?\d$/;
const LOOPBACK = /^(?:127\.|0\.0\.0\.0$)/;

export const ipv4Addresses = patternRule(
  'd IPv4 address',
  /\d(?!\.0\.0\.0(?!\d))\.\d{1,3}\.\d{1,3}\.\d/,
  /(?<![A-Za-z0-9]|\d\.)\d{1,3}(?:\.\d{1,3}){3}(?![A-Za-z0-9]|\.\d)/g,
  (found, before) =>
    found.split('.').every((part) => Number(part) < 256) &&
    !/^\d+\.0\.0\.0$/.test(found) &&
    !LOOPBACK.test(found) &&
    !VERSION_BEFORE.test(before) &&
    !(SMALL.test(found) && PRODUCT_BEFORE.test(before)),
);

/** Hides IPv6 addresses: https://www.rfc-editor.org/rfc/rfc4291#section-2.2 */
export const ipv6Addresses = patternRule(
  'd IPv6 address',
  /:[\da-f]{0,4}:/i,
  /(?<![\w:])(?=[0-9a-f]{0,4}:)[0-9a-f:]{3,}(?![\w])/gi,
  (found) => {
    const address = found.endsWith(':') && !found.endsWith('::') ? found.slice(0, -1) : found;
    if (address.length > 40 || !/\d/.test(address) || /^::1(?::\d{1,5})?$/.test(address)) return false;
    const groups = address.split(':');
    const isShort = address.includes('::');
    return groups.every((group) => group.length <= 5) && (isShort ? groups.length <= 9 : groups.length === 8);
  },
);

/**
 * 13 to 19 digits together, or in the groups that are printed on cards. The first digits are from
 * https://en.wikipedia.org/wiki/Payment_card_number
 */
const CARD_NUMBER =
  /(?<![A-Za-z0-9]|\d\.)(?=[3-6]|2[2-7]|2131)(?:\d{13,19}|\d{4}[ ·,+.-]\d{6}[ ·,+.-]\d{4,5}|\d{4}(?:[ ·,+.-]\d{4}){2}[ ·,+.-]\d{1,4}([ ·,+.-]\d{1,3})?)(?![A-Za-z0-9])/g;

export const cardNumbers: Rule = {
  name: 'd card number',
  mark: /\d{4}[ ·,+.-]?\d{4}/,
  find({ view }, hide) {
    eachMatch(CARD_NUMBER, view, ({ 0: whole, 1: last = '', index }) => {
      const length = [whole.length, whole.length - last.length].find((end) => isCard(whole.slice(0, end)));
      if (length !== undefined) hide(index, index + length);
      // If this is no card number, one may begin inside.
      return index + (length ?? 1);
    });
  },
};

function isCard(number: string): boolean {
  const digits = number.replace(/\D/g, '');
  // The number of an article (EAN-13) has another check digit.
  return (
    passes(digits, (digit) => digit * 2 - (digit > 4 ? 9 : 0)) &&
    !(digits.length === 13 && passes(digits, (digit) => digit * 3))
  );
}

/** True if the check digit fits: https://www.iso.org/standard/70484.html, annex B. For articles: https://ref.gs1.org/ */
function passes(digits: string, weigh: (digit: number) => number): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 1 ? weigh(digit) : digit;
  }
  return sum % 10 === 0;
}
