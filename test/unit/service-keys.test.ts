/**
 * The keys of services, each in the form that its documents show. The forms are from the public rules of gitleaks
 * (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml) and from the documents of each service. The
 * keys are made from them, so that no text here looks like a real one.
 */
import { describe, expect, it } from 'vitest';
import { KEY_PREFIXES } from '../../src/scrub/key-prefixes.ts';
import { scrubId } from '../../src/scrub/scrub.ts';

const hex = '[0-9a-f]';
const uuid = `${hex}{8}-${hex}{4}-${hex}{4}-${hex}{4}-${hex}{12}`;

/** The forms of each service's keys. */
const services: Readonly<Record<string, readonly string[]>> = {
  '1Password': [
    'A3-[A-Z0-9]{6}-[A-Z0-9]{6}-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}',
    'ops_eyJ[a-zA-Z0-9+/]{250}',
  ],
  Adobe: ['p8e-[a-z0-9]{32}'],
  age: ['AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}'],
  Airtable: ['pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}'],
  Alibaba: ['LTAI[A-Za-z0-9]{20}'],
  Amazon: ['AKIA', 'ASIA', 'AROA', 'AIDA', 'AGPA', 'ANPA', 'ANVA', 'AIPA', 'ABIA', 'ACCA']
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    .map((prefix) => `${prefix}[A-Z2-7]{16}`)
    .concat('ABSK[A-Za-z0-9+/]{109}'),
  Anthropic: ['sk-ant-api03-[\\w-]{93}AA'],
  Apify: ['apify_api_[A-Za-z0-9]{36}'],
  Artifactory: ['AKCp[A-Za-z0-9]{69}', 'cmVmd[A-Za-z0-9]{59}'],
  Atlassian: ['ATATT3[\\w=-]{186}', 'ATBB[A-Za-z0-9]{28}', 'ATCTT3[\\w=-]{186}', 'BBDC-[A-Za-z0-9+]{44}'],
  'ASP.NET': ['CfDJ8[\\w-]{120}'],
  Azure: ['[\\w~.]{3}\\dQ~[\\w~-]{34}'],
  Buildkite: [`bkua_${hex}{40}`],
  CAS: ['ST', 'PT', 'TGT', 'PGT', 'PGTIOU'].map((kind) => `${kind}-[1-9]\\d{4}-[A-Za-z0-9]{24}-cas`),
  CircleCI: [`CCIPAT_[A-Za-z0-9]{22}_${hex}{40}`, `CCIPRJ_[A-Za-z0-9]{22}_${hex}{40}`],
  'BIP 32': ['xprv9[1-9A-HJ-NP-Za-km-z]{106}'],
  Clojars: ['CLOJARS_[a-z0-9]{60}'],
  Cloudflare: ['cfk_', 'cfut_', 'cfat_'].map((prefix) => `${prefix}[A-Za-z0-9]{40}${hex}{8}`),
  Context7: [`ctx7sk-${uuid}`],
  'crates.io': ['cio[A-Za-z0-9]{32}'],
  Databricks: [`dapi${hex}{32}-\\d`],
  DigitalOcean: ['doo', 'dop', 'dor'].map((prefix) => `${prefix}_v1_${hex}{64}`),
  Discord: ['mfa\\.[\\w-]{84}', '[MNO][A-Za-z0-9]{25}\\.[\\w-]{6}\\.[\\w-]{38}'],
  Docker: ['dckr_pat_[\\w-]{27}', 'dckr_oat_[\\w-]{32}'],
  Doppler: ['pt', 'st', 'sa', 'scim', 'audit'].map((kind) => `dp\\.${kind}\\.[A-Za-z0-9]{44}`),
  Duffel: ['duffel_test_[\\w=-]{43}', 'duffel_live_[\\w=-]{43}'],
  Dynatrace: ['dt0c01\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}'],
  E2B: [`e2b_${hex}{40}`],
  EasyPost: ['EZAK[A-Za-z0-9]{54}', 'EZTK[A-Za-z0-9]{54}'],
  Facebook: ['EAAM[A-Za-z0-9]{100}', 'EAAC[A-Za-z0-9]{100}'],
  Figma: ['figd_[\\w-]{40}', 'figo_[\\w-]{40}'],
  Firecrawl: [`fc-${hex}{32}`],
  Fireworks: ['fw_[A-Za-z0-9]{24}'],
  Flutterwave: ['FLWSECK_TEST-[a-h0-9]{32}-X', 'FLWPUBK_TEST-[a-h0-9]{32}-X'],
  Fly: ['fo1_[\\w-]{43}', 'fm1a_[A-Za-z0-9+/]{100}', 'fm1r_[A-Za-z0-9+/]{100}', 'fm2_[A-Za-z0-9+/]{100}'],
  Freemius: ['sk_[A-Za-z0-9]{29}'],
  GitHub: ['p', 'o', 'u', 's', 'r']
    .map((kind) => `gh${kind}_[0-9a-zA-Z]{36}`)
    .concat('github_pat_[0-9a-zA-Z]{22}_[0-9a-zA-Z]{59}'),
  GitLab: ['pat', 'cbt', 'dt', 'ffct', 'ft', 'imt', 'agent', 'oas', 'ptt', 'rt', 'soat']
    .map((kind) => `gl${kind}-[0-9a-zA-Z]{64}`)
    .concat('GR1348941[0-9a-zA-Z]{20}'),
  Google: ['AIza[\\w-]{35}', 'GOCSPX-[\\w-]{28}', 'ya29\\.[\\w-]{120}', '1//0[\\w-]{100}'],
  Grafana: ['glc_[A-Za-z0-9+/]{200}', `glsa_[A-Za-z0-9]{32}_${hex}{8}`],
  Groq: ['gsk_[A-Za-z0-9]{52}'],
  HashiCorp: [
    'hvs\\.[\\w-]{120}',
    'hvb\\.[\\w-]{138}',
    'hvr\\.[\\w-]{90}',
    's\\.[A-Za-z0-9]{24}',
    '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w-]{70}',
  ],
  Heroku: ['HRKU-AA[0-9a-zA-Z_-]{58}'],
  HubSpot: [`pat-na1-${uuid}`, `pat-eu1-${uuid}`],
  'Hugging Face': ['hf_[a-zA-Z]{34}', 'api_org_[a-zA-Z]{34}'],
  Infisical: [`st\\.${hex}{24}\\.${hex}{32}\\.${hex}{32}`],
  Infracost: ['ico-[a-zA-Z0-9]{32}'],
  Jina: [`jina_${hex}{32}[\\w-]{28}`],
  LangSmith: [`lsv2_pt_${hex}{32}_${hex}{10}`, `lsv2_sk_${hex}{32}_${hex}{10}`],
  Linear: ['lin_api_[a-z0-9]{40}', `lin_oauth_${hex}{64}`],
  Mailchimp: [`${hex}{32}-us\\d\\d`, 'md-[A-Za-z0-9]{22}'],
  Mailgun: [`key-${hex}{32}`],
  Netlify: ['nfp_[A-Za-z0-9]{36}'],
  'New Relic': ['NRAK-[A-Z0-9]{27}', 'NRII-[a-zA-Z0-9]{32}', 'NRIQ-[a-zA-Z0-9]{32}'],
  Notion: ['ntn_[0-9]{11}[A-Za-z0-9]{35}', 'secret_[A-Za-z0-9]{43}'],
  npm: ['npm_[A-Za-z0-9]{36}'],
  NuGet: ['oy2[a-z0-9]{43}'],
  Nvidia: ['nvapi-[\\w-]{64}'],
  Octopus: ['API-[A-Z0-9]{26}'],
  OpenAI: ['sk-proj-[\\w-]{74}T3BlbkFJ[\\w-]{74}', 'sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20}'],
  OpenRouter: [`sk-or-v1-${hex}{64}`],
  SMTP2GO: ['api-[0-9A-F]{32}'],
  OpenShift: ['sha256~[\\w-]{43}'],
  Paddle: ['live', 'sdbx'].map(
    (place) => `pdl_${place}_apikey_01[a-z0-9]{24}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}`,
  ),
  Perplexity: ['pplx-[a-zA-Z0-9]{48}'],
  Pinecone: ['pcsk_[A-Za-z0-9]{5}_[A-Za-z0-9]{63}'],
  Plaid: ['sandbox', 'development', 'production'].map((place) => `access-${place}-${uuid}`),
  PlanetScale: ['pw', 'tkn', 'oauth'].map((kind) => `pscale_${kind}_[\\w.-]{64}`),
  PostHog: ['phc_[A-Za-z0-9]{43}', 'phx_[A-Za-z0-9]{43}', 'phs_[A-Za-z0-9]{43}'],
  Postman: [`PMAK-${hex}{24}-${hex}{34}`, 'PMAT-[A-Z0-9]{26}'],
  Pulumi: [`pul-${hex}{40}`],
  PyPI: ['pypi-AgEIcHlwaS5vcmc[\\w-]{200}'],
  Razorpay: ['rzp_live_[A-Za-z0-9]{14}', 'rzp_test_[A-Za-z0-9]{14}'],
  ReadMe: ['rdme_[a-z0-9]{70}'],
  Render: ['rnd_[A-Za-z0-9]{28}'],
  Replicate: ['r8_[A-Za-z0-9]{37}'],
  Resend: ['re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}'],
  RubyGems: [`rubygems_${hex}{48}`],
  RunPod: ['rpa_[A-Z0-9]{42}'],
  Scaleway: ['SCW[A-Z0-9]{17}'],
  Scalingo: ['tk-us-[\\w-]{48}'],
  SendGrid: ['SG\\.[\\w-]{22}\\.[\\w-]{43}'],
  Brevo: [`xkeysib-${hex}{64}-[A-Za-z0-9]{16}`, `xsmtpsib-${hex}{64}-[A-Za-z0-9]{16}`],
  Sentry: [`sntryu_${hex}{64}`, 'sntrys_eyJpYXQiO[a-zA-Z0-9+/]{100}_[a-zA-Z0-9+/]{43}'],
  SettleMint: ['aat', 'pat', 'sat'].map((kind) => `sm_${kind}_[a-zA-Z0-9]{16}`),
  Shippo: [`shippo_live_${hex}{40}`, `shippo_test_${hex}{40}`],
  Shopify: ['at', 'ca', 'pa', 'ss'].map((kind) => `shp${kind}_${hex}{32}`),
  Slack: [
    'xoxb-[0-9]{11}-[0-9]{11}-[a-zA-Z0-9]{24}',
    'xoxp-[0-9]{11}-[0-9]{11}-[0-9]{12}-[a-f0-9]{32}',
    'xoxe\\.xoxp-1-[A-Z0-9]{163}',
    'xapp-1-[A-Z0-9]{11}-[0-9]{13}-[a-z0-9]{64}',
  ],
  Sourcegraph: [`sgp_${hex}{40}`, `sgp_${hex}{16}_${hex}{40}`],
  Square: ['EAAA[\\w-]{60}', 'sq0atp-[\\w-]{22}', 'sq0csp-[\\w-]{43}'],
  Stripe: [
    ...['sk', 'rk', 'pk'].flatMap((kind) => [`${kind}_live_[a-zA-Z0-9]{24}`, `${kind}_test_[a-zA-Z0-9]{24}`]),
    'rk_prod_[a-zA-Z0-9]{24}',
    'whsec_[a-zA-Z0-9]{32}',
    ...['pi', 'seti', 'cs'].map((kind) => `${kind}_[A-Za-z0-9]{24}_secret_[A-Za-z0-9]{25}`),
  ],
  Supabase: [`sbp_${hex}{40}`, 'sb_secret_[\\w-]{31}', 'sb_publishable_[\\w-]{31}'],
  Tailscale: ['tskey-auth-[A-Za-z0-9]{11}CNTRL-[A-Za-z0-9]{32}'],
  Tavily: ['tvly-dev-[A-Za-z0-9]{32}'],
  Telegram: ['[1-9][0-9]{9}:AA[\\w-]{33}'],
  Tencent: ['AKID[A-Za-z0-9]{32}'],
  'Together AI': ['tgp_v1_[\\w-]{43}'],
  Twilio: [`SK${hex}{32}`, `AC${hex}{32}`],
  Twitter: ['A{22}[a-zA-Z0-9]{40}%2B[a-zA-Z0-9]{20}%2F[a-zA-Z0-9]{20}%3D'],
  Vercel: ['vcp', 'vci', 'vca', 'vcr', 'vck', 'vercel_blob_rw'].map((kind) => `${kind}_[A-Za-z0-9]{56}`),
  xAI: ['xai-[A-Za-z0-9]{80}'],
  Yandex: ['AQVN[\\w-]{38}', 't1\\.[A-Za-z0-9_-]{60}\\.[\\w-]{86}'],
};

const forms = Object.entries(services).flatMap(([service, all]) => all.map((form) => ({ service, form })));

/** A number from 0 to 1, from a fixed row of them (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
let state = 8;
const random = () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;

const ASCII = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));

/** Makes a key of a form. A form has characters, classes of them, and how many of a class there are. */
function keyOf(form: string): string {
  const key = form.replace(
    /(\[[^\]]+\]|\\[wd]|[A-Z](?=\{))(?:\{(\d+)\})?/g,
    (_, set: string, count = '1') => {
      const characters = ASCII.filter((character) => new RegExp(set).test(character));
      return Array.from(
        { length: Number(count) },
        () => characters[Math.floor(random() * characters.length)],
      ).join('');
    },
  );
  // At the end, only `=` may be something else than a part of the sentence.
  return key.replaceAll('\\', '').replace(/[^A-Za-z0-9]$/, 'a');
}

const b64 = '[A-Za-z0-9./]';

/** Hashes of passwords, as crypt(5), Passlib, Django, phpBB, WordPress, Drupal and OpenLDAP write them. */
const hashes: readonly string[] = [
  `$1$${b64}{8}$${b64}{22}`,
  `$apr1$${b64}{8}$${b64}{22}`,
  `$md5$${b64}{8}$${b64}{22}`,
  `$sha1$40000$${b64}{8}$${b64}{28}`,
  `$5$${b64}{16}$${b64}{43}`,
  `$6$rounds=5000$${b64}{16}$${b64}{86}`,
  `$7$CU${b64}{9}$${b64}{43}`,
  `$y$j9T$${b64}{22}$${b64}{43}`,
  `$gy$j9T$${b64}{22}$${b64}{43}`,
  `$2$10$${b64}{53}`,
  `$2b$12$${b64}{53}`,
  `$2y$10$${b64}{53}`,
  `$P$B${b64}{30}`,
  `$H$9${b64}{30}`,
  `$S$D${b64}{51}`,
  `$scrypt$ln=16,r=8,p=1$${b64}{22}$${b64}{43}`,
  `$argon2id$v=19$m=65536,t=3,p=4$${b64}{22}$${b64}{43}`,
  `$pbkdf2-sha256$29000$${b64}{22}$${b64}{43}`,
  `$bcrypt-sha256$v=2,t=2b,r=12$${b64}{22}$${b64}{31}`,
  `pbkdf2_sha256$260000$${b64}{22}$${b64}{43}=`,
  `argon2$argon2id$v=19$m=102400,t=2,p=8$${b64}{22}$${b64}{43}`,
  `bcrypt_sha256$$2b$12$${b64}{53}`,
  `bcrypt$$2b$12$${b64}{53}`,
  `scrypt$${b64}{22}$16384$8$5$${b64}{86}`,
  `{SSHA}[A-Za-z0-9+/]{32}`,
  `{SHA256}[A-Za-z0-9+/]{43}=`,
];

describe('hashes of passwords are hidden by their mark alone', () => {
  it.each(hashes)('%s', (form) => {
    for (let time = 0; time < 20; time++) {
      expect(scrubId(`wrong: ${keyOf(form)} (403)`, 2000)).toBe('wrong: … (403)');
    }
  });
});

describe('the keys of services are hidden by their mark alone', () => {
  it.each(forms)('$service: $form', ({ form }) => {
    for (let time = 0; time < 20; time++) {
      // Unlike scrubText, scrubId leaves what only looks random.
      expect(scrubId(`refused "${keyOf(form)}" (403)`, 2000)).toBe('refused "…" (403)');
    }
  });

  it.each(KEY_PREFIXES.flatMap(({ services }) => Object.values(services).flat()))(
    'a key that begins with %s is among them',
    (prefix) => expect(forms.some(({ form }) => new RegExp(`^(?:${prefix})`).test(keyOf(form)))).toBe(true),
  );
});
