/**
 * The first characters of the keys of services, as of 2026. They are from the documents of each service, and from the
 * public rules of gitleaks (https://github.com/gitleaks/gitleaks) and secretlint
 * (https://github.com/secretlint/secretlint).
 */

/** Patterns of first characters, by service. A look-ahead says what has to follow where the start alone is too common. */
type Prefixes = Readonly<Record<string, readonly string[]>>;

/** The groups of services. `least` is the least number of characters behind the prefix. */
export const KEY_PREFIXES: readonly { readonly least: number; readonly services: Prefixes }[] = [
  {
    // Clouds
    least: 12,
    services: { Amazon: ['A(?:KIA|SIA|ROA|IDA|GPA|NPA|NVA|IPA|BIA|CCA)(?=[0-9A-Z]{12})'] },
  },
  {
    least: 10,
    services: {
      Alibaba: ['LTAI'],
      'ASP.NET': ['CfDJ8'],
      Cloudflare: ['cf(?:k|ut|at)_'],
      DigitalOcean: ['do[opr]_v1_'],
      Fly: ['fo1_', 'fm[12][ar]?_'],
      Google: ['AIza', 'GOCSPX-', 'ya29\\.', '1//0'],
      Scaleway: ['SCW(?=[0-9A-Z])'],
      Tencent: ['AKID'],
      Yandex: ['AQVN', 't1\\.(?=[\\w-]{40})'],
    },
  },
  {
    // Code hosts and registries
    least: 10,
    services: {
      Artifactory: ['AKCp', 'cmVmd'],
      Atlassian: ['ATATT', 'ATBB', 'ATCTT', 'BBDC-'],
      Clojars: ['CLOJARS_'],
      'crates.io': ['cio(?=[\\w]{32})'],
      Docker: ['dckr_(?:pat|oat)_'],
      GitHub: ['gh[a-z]_', 'github_pat_'],
      GitLab: ['gl[a-z]{2,8}-', 'GR1348941'],
      npm: ['npm_'],
      NuGet: ['oy2(?=[a-z0-9]{40})'],
      PyPI: ['pypi-'],
      RubyGems: ['rubygems_'],
    },
  },
  {
    // Payment
    least: 6,
    services: {
      Duffel: ['duffel_\\w{4}_'],
      EasyPost: ['EZ[AT]K'],
      Flutterwave: ['FLW(?:SECK|PUBK)_'],
      Paddle: ['pdl_\\w{4}_'],
      Plaid: ['access-(?:sandbox|development|production)-'],
      Razorpay: ['rzp_(?:live|test)_'],
      Shippo: ['shippo_(?:live|test)_'],
      Shopify: ['shp[a-z]{2}_'],
      Square: ['sq0[a-z]{3}-', 'EAAA(?=[\\w-]{20})'],
      Stripe: ['[rsp]k_(?:live|test|prod)_', 'whsec_', '(?:pi|seti|cs)_\\w{6,64}_secret_'],
    },
  },
  {
    // Chat, mail, telephone
    least: 6,
    services: {
      Brevo: ['xkeysib-', 'xsmtpsib-'],
      Discord: ['mfa\\.'],
      HubSpot: ['pat-[a-z]{2}\\d-'],
      Mailchimp: ['md-(?=[\\w-]{20})'],
      Mailgun: ['key-(?=[0-9a-z]{30})'],
      Meta: ['EAA[A-Z](?=\\w{20})'],
      Resend: ['re_(?=\\w{8})'],
      SendGrid: ['SG\\.'],
      Slack: ['xox[a-z](?:\\.xox[a-z])?-', 'xapp-'],
      SMTP2GO: ['api-(?=[0-9A-Fa-f]{32})'],
      Twilio: ['SK(?=[0-9a-f]{32})', 'AC(?=[0-9a-f]{32})'],
    },
  },
  {
    // AI
    least: 10,
    services: {
      'Amazon Bedrock': ['ABSK'],
      E2B: ['e2b_'],
      Firecrawl: ['fc-(?=[0-9a-f]{32})'],
      Fireworks: ['fw_(?=\\w{20})'],
      Groq: ['gsk_'],
      'Hugging Face': ['hf_', 'api_org_'],
      Jina: ['jina_'],
      LangSmith: ['lsv2_'],
      Nvidia: ['nvapi-'],
      'OpenAI, Anthropic, DeepSeek, OpenRouter': ['sk-'],
      Perplexity: ['pplx-'],
      Pinecone: ['pcsk_'],
      Replicate: ['r8_'],
      Tavily: ['tvly-'],
      xAI: ['xai-'],
    },
  },
  {
    // Data, monitoring, deployment, work
    least: 8,
    services: {
      '1Password': ['ops_eyJ', 'A3-(?=[A-Z0-9]{6}-)'],
      Adobe: ['p8e-'],
      age: ['AGE-SECRET-KEY-'],
      Apify: ['apify_api_'],
      Bitcoin: ['xprv(?=\\w{50})'],
      Buildkite: ['bkua_'],
      CircleCI: ['CCIP(?:AT|RJ)_'],
      Context7: ['ctx7sk-'],
      Databricks: ['dapi(?=[0-9a-f]{32})'],
      Doppler: ['dp\\.[a-z]{2,5}\\.'],
      Dynatrace: ['dt0[a-z]\\d\\d\\.'],
      'ElevenLabs, Freemius': ['sk_(?=\\w{20})'],
      Figma: ['figd_', 'figo_'],
      Grafana: ['glc_', 'glsa_'],
      HashiCorp: ['hv[sbr]\\.', 's\\.(?=[A-Za-z0-9]{24})'],
      Heroku: ['HRKU-'],
      Infracost: ['ico-'],
      Infisical: ['st\\.(?=[0-9a-f]{24}\\.)'],
      Linear: ['lin_(?:api|oauth)_'],
      Netlify: ['nfp_'],
      'New Relic': ['NRAK-', 'NRI[IQ]-'],
      Notion: ['ntn_', 'secret_(?=[A-Za-z0-9]{20})'],
      Octopus: ['API-(?=[0-9A-Z]{24})'],
      OpenShift: ['sha256~'],
      PlanetScale: ['pscale_(?:pw|tkn|oauth)_'],
      PostHog: ['phc_', 'phx_', 'phs_'],
      Postman: ['PMAK-', 'PMAT-'],
      Pulumi: ['pul-'],
      Airtable: ['pat(?=\\w{14}\\.)'],
      ReadMe: ['rdme_'],
      Render: ['rnd_(?=\\w{20})'],
      RunPod: ['rpa_'],
      Sentry: ['sntry[a-z]_'],
      Sourcegraph: ['sgp_'],
      Supabase: ['sbp_', 'sb_secret_', 'sb_publishable_'],
      Tailscale: ['tskey-'],
      'Together AI': ['tgp_v1_'],
      Vercel: ['vc[a-z]_', 'vercel_'],
      Scalingo: ['tk-us-'],
      SettleMint: ['sm_[aps]at_'],
    },
  },
];
