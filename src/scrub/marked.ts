/** Kind c: finds secrets with a mark: web tokens, private keys, the keys of services, hashes of passwords. */
import { eachMatch } from './find.ts';
import { patternRule, type Rule } from './rule.ts';
import { isTold } from './values.ts';

/**
 * The first characters of the keys of services, as of 2026. They are from the documents of each service, and from the
 * public rules of gitleaks (https://github.com/gitleaks/gitleaks) and secretlint
 * (https://github.com/secretlint/secretlint). The number is the least length of the rest of the key.
 */
const PREFIXES: readonly (readonly [prefixes: string, least: number])[] = [
  // Amazon, Google, Azure, Alibaba, Tencent, DigitalOcean, Cloudflare, Fly, Scaleway, Oracle, Yandex
  ['A(?:KIA|SIA|ROA|IDA|GPA|NPA|NVA|IPA|BIA|CCA)(?=[0-9A-Z]{12})', 12],
  [
    'AIza|GOCSPX-|ya29\\.|1//0|LTAI|AKID|do[opr]_v1_|cf(?:k|ut|at)_|fo1_|fm[12][ar]?_|SCW(?=[0-9A-Z])|AQVN|CfDJ8|t1\\.(?=[\\w-]{40})',
    10,
  ],
  // Code hosts and registries
  [
    'gh[a-z]_|github_pat_|gl[a-z]{2,8}-|GR1348941|ATAT[TB]|ATCTT|BBDC-|npm_|pypi-|rubygems_|dckr_(?:pat|oat)_|oy2(?=[a-z0-9]{40})|cio(?=[\\w]{32})|CLOJARS_|crates_|AKCp|cmVmd',
    10,
  ],
  // Payment
  [
    '[rsp]k_(?:live|test|prod)_|whsec_|sq0[a-z]{3}-|EAAA(?=[\\w-]{20})|shp[a-z]{2}_|access-(?:sandbox|development|production)-|EZ[AT]K|FLW(?:SECK|PUBK)_|rzp_(?:live|test)_|shippo_(?:live|test)_|pdl_\\w{4}_|duffel_\\w{4}_|bp_pt_|(?:pi|seti|cs)_\\w{6,64}_secret_',
    6,
  ],
  // Chat, mail, telephone
  [
    'xox[a-z](?:\\.xox[a-z])?-|xapp-|SG\\.|key-(?=[0-9a-z]{30})|re_(?=\\w{8})|SK(?=[0-9a-f]{32})|AC(?=[0-9a-f]{32})|xkeysib-|xsmtpsib-|EAA[A-Z](?=\\w{20})|mfa\\.|pat-[a-z]{2}\\d-|api-\\w{32}$|md-(?=[\\w-]{20})|bot_(?=\\w{30})|[0-9a-f]{32}-us\\d',
    6,
  ],
  // AI
  [
    'sk-|sk_or_|r8_|hf_|api_org_|pplx-|gsk_|xai-|co_(?=\\w{38})|fw_(?=\\w{20})|pcsk_|tvly-|ABSK|lsv2_|e2b_|jina_|nvapi-|fc-(?=[0-9a-f]{32})|wand_',
    10,
  ],
  // Data, monitoring, deployment, work
  [
    'pscale_(?:pw|tkn|oauth)_|dapi(?=[0-9a-f]{32})|nfp_|vc[a-z]_|vercel_|tskey-|dp\\.[a-z]{2,5}\\.|hv[sbr]\\.|s\\.(?=[A-Za-z0-9]{24})|CCIP(?:AT|RJ)_|glc_|gls?a_|glpat_|sntry[a-z]_|NRA[KLM]-|NRI[IQR]-|dd[ap]_|dt0[a-z]\\d\\d\\.|lin_(?:api|oauth)_|ntn_|secret_(?=[A-Za-z0-9]{20})|figd_|figo_|PMAK-|PMAT-|pul-|rnd_(?=\\w{20})|HRKU-|sgp_|phc_|phx_|phs_|sbp_|sb_secret_|sb_publishable_|API-(?=[0-9A-Z]{24})|tk-us-|rdme_|p8e-|ico-|pat(?=\\w{14}\\.)|keyv1_|apify_api_|doppler_|infisical_|st\\.(?=[0-9a-f-]{30})|ops_eyJ|A3-(?=[A-Z0-9]{6}-)|AGE-SECRET-KEY-|bkua_|sk_(?=\\w{20})|frp_|xprv(?=\\w{50})|sm_[a-z]{3}_|FlyV1 |(?:PRIVATE|SECRET)-|whsk_|ctx7sk-|rpa_|tgp_v1_|sha256~',
    8,
  ],
];

const KEYS = PREFIXES.map(([prefixes, least]) => `(?:${prefixes})[\\w.+/=~-]{${least},512}`);
const PREFIXED = new RegExp(`(?<![\\w./-])(?:${KEYS.join('|')})`, 'g');

/** Keys with a mark inside: of Azure's clients, Terraform, bots of Discord and Telegram, CAS tickets, Twitter. */
const SHAPED =
  /(?<![\w.~-])(?:[\w~.]{3}\dQ~[\w.~-]{31,40}|\w{14}\.atlasv1\.[\w-]{20,90}|[MNO][A-Za-z0-9]{23,28}\.[\w-]{6}\.[\w-]{27,45}|(?:ST|PT|TGT|PGT|PGTIOU)-\d{1,12}-[\w.-]{8,128}|A{20,24}[\w%+=-]{30,200})|(?<![\w-])\d{8,10}:AA[\w-]{30,40}/g;

/** Hides the keys of services. */
export const serviceKeys: Rule = {
  name: 'c key',
  mark: new RegExp('[\\w-]{2}'.repeat(8)),
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
    .slice(2)
    .split(/[_.-]+/)
    .some(
      (piece) =>
        piece.length >= 16 ||
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

/** Hides the credentials behind the name of an authentication scheme (RFC 9110 §11.4). */
export const credentials: Rule = {
  name: 'c credentials',
  mark: /bearer|basic|apikey|negotiate|ntlm|aws4|token/i,
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
  },
};

/** Hides the cookieless sessions that ASP.NET puts into paths: `/(S(…))/`. */
export const cookielessSessions = patternRule(
  'c cookieless session',
  /\([ASF]\(/,
  /(?<=\([ASF]\()[\w-]{16,}/g,
);
