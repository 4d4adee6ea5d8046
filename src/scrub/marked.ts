/** Kind c: finds secrets with a mark: web tokens, private keys, the keys of services, hashes of passwords. */
import { eachMatch } from './find.ts';
import { KEY_PREFIXES } from './key-prefixes.ts';
import { patternRule, type Rule } from './rule.ts';
import { isTold } from './values.ts';

const KEYS = KEY_PREFIXES.map(
  ({ least, services }) => `(?:${Object.values(services).flat().join('|')})[\\w.+/=~-]{${least},512}`,
);
const PREFIXED = new RegExp(`(?<![\\w./-])(?:${KEYS.join('|')})`, 'g');

/** Keys with a mark inside: Azure's clients, Terraform, bots of Discord and Telegram, CAS, Mailchimp, Twitter. */
const SHAPED =
  /(?<![\w.~-])(?:[\w~.]{3}\dQ~[\w.~-]{31,40}|\w{14}\.atlasv1\.[\w-]{20,90}|[MNO][A-Za-z0-9]{23,28}\.[\w-]{6}\.[\w-]{27,45}|(?:ST|PT|TGT|PGT|PGTIOU)-\d{1,12}-[\w.-]{8,128}|[0-9a-f]{32}-us\d{1,2}|A{20,24}[\w%+/=-]{30,200})|(?<![\w-])\d{8,10}:AA[\w-]{30,40}/g;

/** Hides the keys of services. */
export const serviceKeys: Rule = {
  name: 'c key',
  mark: new RegExp('[\\w~-]{2}'.repeat(8)),
  find({ view }, hide) {
    for (const pattern of [PREFIXED, SHAPED]) {
      eachMatch(pattern, view, ({ 0: found, index }) => {
        const key = found.replace(/[.=/~-]+$/, (end) => (end.startsWith('=') ? end : ''));
        if (pattern === PREFIXED && !isKey(key)) return index + 1;
        hide(index, index + key.length);
        return index + key.length;
      });
    }
  },
};

/** False for a name made of words, such as `sk-toggleable-content` or `hf_hub_download`. */
function isKey(key: string): boolean {
  return key
    .slice(2) // The digit of `e2b_` is the prefix's own.
    .split(/[_.-]+/)
    .some(
      (piece) =>
        piece.length >= 14 ||
        /^\d{6,}$/.test(piece) ||
        (piece.length > 2 && /\d/.test(piece) && /[A-Za-z]/.test(piece)),
    );
}

/** Hides web tokens (https://www.rfc-editor.org/rfc/rfc7519). They begin with `eyJ`, which is `{"` in base64url. */
export const webTokens = patternRule(
  'c web token',
  /eyJ/,
  /(?<![A-Za-z0-9])eyJ[\w-]{8,}(?:=*\.[\w-]*){0,4}=*/g,
);

/** Hides hashes of passwords in the form of crypt(3) and its successors. With salt and hash one can guess at home. */
export const passwordHashes = patternRule(
  'c password hash',
  /\$[\w=.,-]{1,24}\$|\{S?SHA/,
  /(?:\$(?:argon2\w{0,2}|scrypt|pbkdf2[\w-]{0,12}|apr1|2[abxy]?|[1567PHSy]|md5|sha1|gy|bcrypt-sha256)\$[\w$=.,+/-]{8,}|\b(?:pbkdf2_sha\d+|bcrypt_sha256|argon2|scrypt|bcrypt)\$[\w$=.,+/-]{16,}|\{S?SHA\d{0,3}\}[\w+/=]{20,})/g,
);

/** The start of a private key: https://www.rfc-editor.org/rfc/rfc7468#section-10 */
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ,]{0,40}PRIVATE[ ,]KEY[A-Z ,]{0,10}-----/g;

export const privateKeys: Rule = {
  name: 'c private key',
  mark: /-----BEGIN/,
  find({ view }, hide) {
    eachMatch(KEY_BEGIN, view, (_, start) => {
      const keyEnd = view.indexOf('-----END', start);
      const end = keyEnd < 0 ? view.length : keyEnd;
      hide(start, end);
      return end;
    });
  },
};

/** Words that follow "bearer" in prose. */
const PROSE =
  /^(?:tokens?|auth\w*|realm\b.*|error\w*=.*|scheme|type|errors?|headers?|methods?|formats?|values?|only|has|must|should)$/i;
const SCHEME =
  /\b(bearer|basic|apikey|negotiate|ntlm|aws4-hmac-sha256|token)(?:[ ,+·]|: ?){1,4}(?:credential=)?([\w+/=~.%-]+)/gi;

/** The answer of a mail client to a challenge: RFC 4954 §4. It is base64, and may be a name. */
const SASL =
  /\b(?:auth(?:enticate)?[ ·]{1,2}(?:plain|login|cram-md5|xoauth2|oauthbearer|ntlm|external)(?:[ ·]{1,2}|(?:\\r\\n|\s|␤){1,4}(?:[^\n␤:]{0,24}: ?)?)|334 [\w+/=]{0,128}(?:[ "'·]|\s|␤){1,8}(?:[^\n␤:>]{0,32}[:>] ?[b"']{0,2})?)([A-Za-z0-9+/]{4,}={0,2})(?![\w+/=:])/gi;

/** Hides the credentials behind the name of an authentication scheme (RFC 9110 §11.4). */
export const credentials: Rule = {
  name: 'c credentials',
  mark: /bearer|basic|apikey|negotiate|ntlm|aws4|token|auth|334 /i,
  find({ view }, hide) {
    eachMatch(SCHEME, view, ([, scheme = '', found = ''], end) => {
      const value = found.replace(/[.]+$/, '');
      const isCredential = /^bearer$/i.test(scheme)
        ? !PROSE.test(value.slice(0, 100)) && !isTold(value) && value !== ''
        : value.length >= 8 &&
          /^[A-Za-z0-9+/]+=*$/.test(value) &&
          /\d|=|[a-z][A-Z]/.test(value) &&
          !isTold(value);
      if (isCredential) hide(end - found.length, end - found.length + value.length);
    });
    eachMatch(SASL, view, ([, answer = ''], end) => {
      if (answer.length % 4 !== 0 || !/\d|=|[a-z][A-Z]/.test(answer)) return end - answer.length;
      hide(end - answer.length, end);
      return end;
    });
  },
};

/** Hides the cookieless sessions that ASP.NET puts into paths: `/(S(…))/`. */
export const cookielessSessions = patternRule(
  'c cookieless session',
  /\([ASF]\(/,
  /(?<=\([ASF]\()[\w-]{16,}/g,
);
