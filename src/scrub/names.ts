/** The names of secrets in every spelling: `dbPassword`, `DB_PASSWORD`, `db.password`, `X-Api-Key`, `PGPASSWORD`. */
import { isTranslatedName, TRANSLATED_STEM } from './translated-names.ts';

/**
 * The kind of a name: it decides which values are hidden.
 * - `password`, `secret`: any value that a program wrote is hidden, but not `true`, `null` and the like (`isTold`). In a
 *   sentence a password is hidden in quotes or at the end of its line, and both are where they look chosen.
 * - `translated`: as `password`, in another language. Several words are a message, as nobody knows all its words here.
 * - `cookie`, `authorization`: the value has the form of that header.
 * - `short`: the name is a word of prose too (`pass`). A value that a program wrote is hidden.
 * - `vague`: the value is often no secret (`key`, `session`). A value that looks like a secret is hidden.
 */
export type NameKind = 'password' | 'translated' | 'secret' | 'cookie' | 'authorization' | 'short' | 'vague';

const ENGLISH_STEM =
  /pass|pwd|pw\b|secret|token|cred|cookie|auth|sig|csrf|xsrf|jwt|sess|sid|key|pin\b|otp|salt|code|verifier|nonce|assertion|(?:state|ticket|saml\w{4,8})(?==)|identified (?:with \S{1,48} )?by/;

/** Every name of a secret has one of these parts. */
export const NAME_STEM = new RegExp(`${ENGLISH_STEM.source}|${TRANSLATED_STEM}`, 'gi');

/** The last word of a name. Other letters may stand before it in one lower-case word, as in `pgpassword`. */
const TAILS: readonly (readonly [RegExp, NameKind])[] = [
  [/^(?:set)?cookies?$/, 'cookie'],
  [/^(?:proxy)?authorization$/, 'authorization'],
  [
    /(?:passw(?:or)?ds?|passphrases?|passcodes?|pwds?|^pswd|\w{2,}pw|^(?!by|com|encom|sur|tres|over|under)\w{2,}pass)$/,
    'password',
  ],
  [
    /(?:secrets?|tokens?|credentials?|csrf|xsrf|jwts?|sess(?:ion)?id|apikeys?|(?:access|secret|private|auth|encryption|signing)keys?|(?:master|basic)auth)$/,
    'secret',
  ],
  [/^(?:pass|pw|pin|otp|totp|auths?|creds?)$/, 'short'],
  [/^(?:keys?|sessions?|sid|sig|signature|salt|nonce|verifier|assertion)$/, 'vague'],
];

/** A key is a secret if one of these words stands before it. */
const KEY_OWNERS =
  /^(?:api|access|secret|private|auth|account|license|encryption|decryption|signing|master|service|client|shared|storage|app|session|cookie|hmac|aes|webhook|deploy|subscription|admin|publishable|jwt|secure|crypto|cipher|integration|merchant|consumer|ssh|rsa|host|ingest|write|read|logged|in|sdk)$/;
/** A key is no secret if one of these words stands before it: it indexes data, or it is public. */
const HARMLESS_OWNERS =
  /^(?:primary|foreign|public|unique|cache|sort|partition|object|row|lookup|idempotency|index|map|config|message|dedupe|routing|certificate|translation)$/;
/** A code is a secret if one of these words stands before it. */
const CODE_OWNERS =
  /^(?:authorization|auth|device|user|oob|otp|totp|verification|verify|recovery|backup|sms|mfa|twofactor|2fa|factor|time|onetime|login|access|security|confirmation|activation|reset|invite|invitation|pairing|oauth|grant|pin|scratch|confirm|your)$/;
/** With these words before it, a name stands for an error, a count, or a token of a parser. */
const NEGATIONS =
  /^(?:invalid|missing|expired|bad|wrong|unexpected|illegal|unknown|cancellation|cancel|syntax|public|max|min|num|no|has|have|is|lexer|parser|pull|next|previous|page|continuation|change|existing|forgot|forgotten|lost|verify|validate|check|requires?|allow|missed|delimiter|design|separator|stop|eos|bos|pad|mask|special|unterminated)$/;
/** Words that may follow the word for the secret: `password_hash`, `secret_key_base`, `newPassword2`. */
const SUFFIXES =
  /^(?:\d+|values?|hash(?:ed)?|digest|confirmation|confirm|confirmed|repeat|again|verify|old|new|current|text|base64|b64|plain|plaintext|raw|encrypted|enc|base|string|str|binary|attempt|prod|production|dev|staging|live|web|admin|default|primary|secondary|backup|ro|rw|b|s|v)$/;

/** Names of secrets in the form of a login. Elsewhere they often mean something else. */
export const FORM_NAME = /^(?:code|state|ticket|key|nonce|saml(?:request|response)|relaystate)$/i;

const WORD = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/g;
// In characters. Words further away say nothing about the last word.
const LONGEST_NAME = 96;

/**
 * The kind of a name. Undefined if it is not the name of a secret.
 * @param name a text of `[\w.$-]+`, or several words
 */
export function kindOfName(name: string): NameKind | undefined {
  // Java sets a property with `-Dname=value`.
  return kindOf(name) ?? (name.startsWith('-D') ? kindOf(name.slice(2)) : undefined);
}

function kindOf(name: string): NameKind | undefined {
  if (isTranslatedName(name.slice(-LONGEST_NAME))) return 'translated';
  const words = wordsOf(name);
  if (words.at(-1) === 'by') return 'password'; // MySQL: IDENTIFIED BY 'tiger'
  while (words.length > 1 && SUFFIXES.test(words.at(-1) ?? '')) words.pop();
  const last = words.pop() ?? '';
  const owner = words.at(-1) ?? '';
  if (words.some((word) => NEGATIONS.test(word))) return undefined;
  if (last === 'id') return /^sess(?:ion)?$/.test(owner) ? 'secret' : undefined;
  if (/^keys?$/.test(last)) return kindOfKey(name, owner);
  if (/^codes?$/.test(last) && CODE_OWNERS.test(owner)) return 'secret';
  if (/^(?:verifier|assertion)$/.test(last) && /^(?:code|oauth|pkce|client|saml|jwt)$/.test(owner))
    return 'secret';
  // Alone, these two are vague.
  if (/^(?:salt|sid)$/.test(last) && words.length > 0) return 'secret';
  return TAILS.find(([tail]) => tail.test(last))?.[1];
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
