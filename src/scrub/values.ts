/** Judges a value by its look: a secret that somebody chose, or a word that only tells of one. */

/** Words that follow the name in a sentence and are not its value: 'password is required'. */
const TOLD =
  /^(?:true|false|null|undefined|none|nil|nan|empty|yes|no|on|off|ok|enabled|disabled|missing|required|optional|invalid|valid|expired|not|must|is|are|was|were|has|have|had|should|cannot|can|could|will|may|might|does|do|did|too|for|of|in|on|at|to|by|and|or|with|from|the|a|an|string|number|object|array|text|integer|int|bool|boolean|bytes|mismatch|rejected|revoked|unknown|unset|unbound|incorrect|wrong|bad|failed|failure|error|denied|blank|here|found|provided|given|changed|redacted|filtered|hidden|masked|omitted|secret|sensitive|protected|removed|basic|bearer|digest|oauth2?|login|auto|default|option|flag|argument|parameter|requires?|sensitive value|known after apply|not set|same-origin|include|omit|bf|\d{1,3})$/i;
/** Parameters of statements and templates, types of columns, and values that others have hidden. */
const PLACEHOLDER =
  /^(?:(?:bearer|basic|token) )?(?:\?|\{[\w.]*\}|[$:^]\d+|:[a-z_]+|@p\d+|%s|%\(\w+\)s|\$\{[^}]*\}?|\{\{.*|%[A-Z_]+%|(?:your|my)[-_ ].*|[a-z_$][\w$]*(?:\.[a-z_$][\w$]*)*(?:\(|\[["':]).*|[a-z_]+(?:\.[a-z_]+)+(?:, ?[a-z_]+(?:\.[a-z_]+)+)*|\*+|x{3,}|\[[A-Z]{6,}\]|<[A-Z_ ]+>|(?:var)?char\(\d+\)|\$[A-Z_]{2,}|\d+:error:.*|…)$/i;
const PATH = /^\/[\w.@-]*$|^(?:[.~]?\/|\.\.\/|[A-Z]:[\\/])[\w.@-]+[\\/][\w./\\@:-]*$/;
const PUNCTUATION = /^[("'`[{<]+|[.,;:!?)\]}>"'`]+$/g;

/** A message about a secret from a validator. No secret has such words in it. */
const SENTENCE =
  /^(?=\S+\s+\S+)(?:.*\s)?(?:is|are|was|must|has|have|does|do|not|cannot|can't|can’t|too|the|a|an|than|please|at least|should|required|field|without|for|of)\s/i;

/** The name of a constant, which stands in place of the value: `API_KEY`. */
const CONSTANT =
  /^(?:[A-Z]+[-_])+(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|CREDENTIALS?|COOKIE|VALUE|NAME|HERE|ID)$/;

/** True if a value is no secret, whatever its name is. */
export function isTold(value: string): boolean {
  const word = value.slice(0, 64).trim();
  const bare = word.replace(PUNCTUATION, '');
  return (
    bare === '' ||
    TOLD.test(bare) ||
    PLACEHOLDER.test(word) ||
    PLACEHOLDER.test(bare) ||
    PATH.test(bare) ||
    CONSTANT.test(bare) ||
    SENTENCE.test(`${bare} `)
  );
}

/** Names of algorithms and formats. They have letters and digits too, and are no secrets. */
const TECHNICAL =
  /^(?:md[245]|sha-?\d+|utf\d+|http[23s]?|oauth[12]?|x509|[rehp]s\d{3}|base(?:32|58|64)|aes\d*|rsa\d*|ed25519|ipv[46]|h[1-6]|v\d+(?:(?:alpha|beta|rc|p)\d*)?|\d+(?:ms|s|m|h|d|k|kb|mb|gb|b|x|px|st|nd|rd|th|x\d+|bit|bits)|0x[\da-f]+|[a-z]\d{1,2}|i18n|k8s|s3|ec2|log4j|es\d+|p\d+|l\d+|win32|x64|x86|arm64|amd64|mp[34]|oauth2\w*|http2\w*)$/i;

const FILE =
  /\.(?:[cm]?[jt]sx?|php|py|rb|go|java|cs|html?|css|json|ya?ml|xml|toml|pem|crt|cert|key|txt|log|conf|cfg|ini|env|sh|sql|png|jpe?g|svg|pdf|vue|ex|rs|kt|swift|scala|[ch](?:pp)?|cc|lock|sock|db)(?::\d+)*$/i;

/** True for the name of a file. */
export function isFile(name: string): boolean {
  return FILE.test(name);
}

/** True if a piece of a value mixes letters and digits, as chosen secrets do and words do not. */
export function looksChosen(value: string): boolean {
  if (!/[A-Za-z]!?\d|\d!?[A-Za-z]/.test(value.slice(0, 64))) return false;
  const bare = value.slice(0, 64).replace(PUNCTUATION, '');
  if (bare.length < 6 || isTold(bare) || /^\w+\([^)]*\)$/.test(bare) || isFile(bare)) return false;
  return bare
    .split(/[^A-Za-z0-9!]+/)
    .some((piece) => /[A-Za-z]/.test(piece) && /\d/.test(piece) && !TECHNICAL.test(piece));
}

/** The name of an algorithm or of an encoding in quotes, or empty quotes. */
const ALGORITHM = /^.(?:(?:sha|aes|des|[rehp]s|utf|hmac|base)[\w-]{0,16}|md5|hex|bf|2[aby])?.$/i;

/** True if one of the arguments of a call is a text that may be a secret. */
export function holdsText(given: string): boolean {
  const texts = given.match(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`/g);
  return texts === null ? /["'`]/.test(given) : !texts.every((text) => ALGORITHM.test(text));
}
