/** The names of secrets, in every spelling: `dbPassword`, `DB_PASSWORD`, `db.password`, `X-Api-Key`, `PGPASSWORD`. */

/**
 * How sure a name is.
 * - `password`, `secret`: whatever it is given is hidden. Of a password that holds in a sentence too.
 * - `cookie`, `authorization`: the same; the value is that of a header.
 * - `short`: a word of prose as well (`pass`): hidden where a program wrote it.
 * - `vague`: often no secret (`key`, `session`): hidden where the value looks like one.
 */
export type NameKind = 'password' | 'secret' | 'cookie' | 'authorization' | 'short' | 'vague';

/** What every name holds: where it is missing, there is none. */
export const NAME_STEM =
  /pass|pwd|pw\b|secret|token|cred|cookie|auth|sig|csrf|xsrf|jwt|sess|sid|key|pin\b|otp|salt|code|verifier|nonce|assertion|(?:state|ticket|saml\w{4,8})(?==)|identified (?:with \S{1,48} )?by/gi;

/** The word that says what it is, and what may stand before it within one lower-case word: `pgpassword`. */
const TAILS: readonly (readonly [RegExp, NameKind])[] = [
  [/^(?:set)?cookies?$/, 'cookie'],
  [/^(?:proxy)?authorization$/, 'authorization'],
  [
    /(?:passw(?:or)?ds?|passphrases?|passcodes?|pwds?|kennwort|^pswd|\w{2,}pw|^(?!by|com|encom|sur|tres|over|under|tres)\w{2,}pass)$/,
    'password',
  ],
  [
    /(?:secrets?|tokens?|credentials?|csrf|xsrf|jwts?|sess(?:ion)?id|apikeys?|(?:access|secret|private|auth|encryption|signing)keys?|masterauth)$/,
    'secret',
  ],
  [/^(?:pass|pw|pin|otp|totp|auths?|creds?)$/, 'short'],
  [/^(?:keys?|sessions?|sid|sig|signature|salt|nonce|verifier|assertion)$/, 'vague'],
];

/** Words that make a secret of a key. */
const KEY_OWNERS =
  /^(?:api|access|secret|private|auth|account|license|encryption|decryption|signing|master|service|client|shared|storage|app|session|cookie|hmac|aes|webhook|deploy|subscription|admin|publishable|jwt|secure|crypto|cipher|integration|merchant|consumer|ssh|rsa|host|ingest|write|read|logged|in)$/;
/** These make none of it: what indexes data, and what is public. */
const HARMLESS_OWNERS =
  /^(?:primary|foreign|public|unique|cache|sort|partition|object|row|lookup|idempotency|index|map|config|message|dedupe|routing|certificate|translation)$/;
const CODE_OWNERS =
  /^(?:authorization|auth|device|user|oob|otp|totp|verification|verify|recovery|backup|sms|mfa|twofactor|2fa|factor|time|onetime|login|access|security|confirmation|activation|reset|invite|invitation|pairing|oauth|grant|pin|scratch|confirm)$/;
/** With these words before it, a name is that of an error, of a count, or of what a parser reads. */
const NEGATIONS =
  /^(?:invalid|missing|expired|bad|wrong|unexpected|illegal|unknown|cancellation|cancel|syntax|public|max|min|num|no|has|have|is|lexer|parser|pull|next|previous|page|continuation|change|forgot|forgotten|lost|verify|validate|check|requires?|allow|missed|delimiter|design|separator|stop|eos|bos|pad|mask|special|unterminated)$/;
/** What may follow the word that says what it is: `password_hash`, `secret_key_base`, `newPassword2`. */
const SUFFIXES =
  /^(?:\d+|values?|hash(?:ed)?|digest|confirmation|confirm|confirmed|repeat|again|verify|old|new|current|text|base64|b64|plain|plaintext|raw|encrypted|enc|base|string|str|binary|attempt|prod|production|dev|staging|live|web|admin|default|primary|secondary|backup|ro|rw|b|s|v)$/;

/** In a form, what a login hands on has names that mean much else elsewhere. */
export const FORM_NAME = /^(?:code|state|ticket|key|nonce|saml(?:request|response)|relaystate)$/i;

const WORD = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/g;
// More words than these say nothing of the last one.
const LONGEST_NAME = 96;

/**
 * The kind of secret that a name is of; undefined where it is none.
 * @param name `[\w.$-]+` or several words
 */
export function kindOfName(name: string): NameKind | undefined {
  // Java's option for a property.
  return kindOf(name) ?? (name.startsWith('-D') ? kindOf(name.slice(2)) : undefined);
}

function kindOf(name: string): NameKind | undefined {
  const words = wordsOf(name);
  if (words.at(-1) === 'by') return 'password';
  while (words.length > 1 && SUFFIXES.test(words.at(-1) ?? '')) words.pop();
  const last = words.pop() ?? '';
  const owner = words.at(-1) ?? '';
  if (words.some((word) => NEGATIONS.test(word))) return undefined;
  if (last === 'id') return /^sess(?:ion)?$/.test(owner) ? 'secret' : undefined;
  if (/^keys?$/.test(last)) return kindOfKey(name, owner);
  if (/^codes?$/.test(last) && CODE_OWNERS.test(owner)) return 'secret';
  if (/^(?:verifier|assertion)$/.test(last) && /^(?:code|oauth|pkce|client|saml|jwt)$/.test(owner))
    return 'secret';
  const kind = TAILS.find(([tail]) => tail.test(last))?.[1];
  if (/^(?:salt|sid)$/.test(last) && words.length > 0) return 'secret';
  return kind;
}

function kindOfKey(name: string, owner: string): NameKind | undefined {
  if (owner === '') return 'vague';
  if (KEY_OWNERS.test(owner)) return 'secret';
  if (HARMLESS_OWNERS.test(owner) || name.endsWith('.key')) return undefined;
  return 'vague';
}

function wordsOf(name: string): string[] {
  return (name.slice(-LONGEST_NAME).match(WORD) ?? []).map((word) => word.toLowerCase());
}
