import type { Rule } from './rule.ts';

/** A format that can be told by itself, wherever it stands. */
export interface TokenFormat {
  readonly kind: string;
  /** Lower case; one of them stands in every token of this format, or beside it. */
  readonly literals: readonly string[];
  /** Source of the pattern; every quantifier in it is bounded. */
  readonly pattern: string;
  /** It says so much by itself that letters alone are no word. */
  readonly isSure?: boolean;
  /** Not part of a longer run of letters and digits, on the right either. */
  readonly isWhole?: boolean;
}

/** Formats as their makers document them, and as gitleaks, secretlint and GitHub's secret scanning know them. */
export const TOKEN_FORMATS: readonly TokenFormat[] = [
  // Since April 2026 an installation token is `ghs_`, the App's id and a JSON web token: some 520 characters.
  {
    kind: 'github-token',
    literals: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: String.raw`gh[pousr]_[A-Za-z0-9][\w.-]{14,2046}\w`,
  },
  { kind: 'github-token', literals: ['github_pat_'], pattern: String.raw`github_pat_\w{20,255}` },
  { kind: 'github-token', literals: ['v1.'], pattern: 'v1\\.[0-9a-f]{40}', isWhole: true },
  {
    kind: 'gitlab-token',
    literals: [
      'glpat-',
      'gldt-',
      'glptt-',
      'glrt-',
      'glrtr-',
      'glsoat-',
      'glcbt-',
      'glft-',
      'glimt-',
      'glagent-',
      'gloas-',
      'glffct-',
      'glwt-',
    ],
    pattern: String.raw`gl(?:pat|dt|ptt|rtr?|soat|cbt|ft|imt|agent|oas|ffct|wt)-[\w.-]{15,300}\w`,
  },
  { kind: 'gitlab-token', literals: ['gr1348941'], pattern: String.raw`GR1348941[\w-]{20,60}` },
  { kind: 'slack-token', literals: ['xox'], pattern: String.raw`xox(?:e\.(?:xox[a-z]-)?|[a-z]-)[\w-]{10,512}` },
  { kind: 'slack-token', literals: ['xapp-'], pattern: String.raw`xapp-[\w-]{10,512}` },
  {
    kind: 'slack-webhook',
    literals: ['hooks.slack'],
    pattern: String.raw`(?<=hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/)[\w/-]{10,256}`,
  },
  {
    kind: 'teams-webhook',
    literals: ['office.com/webhook'],
    pattern: String.raw`(?<=\.office\.com/webhook(?:b2)?/)[\w@/-]{20,512}`,
  },
  {
    kind: 'discord-webhook',
    literals: ['/webhooks/'],
    pattern: String.raw`(?<=discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/)\d{15,22}/[\w-]{50,100}`,
  },
  {
    kind: 'discord-token',
    literals: ['discord', 'bot', 'token'],
    pattern: String.raw`[MNO][\w-]{22,28}\.[\w-]{6}\.[\w-]{27,40}`,
    isWhole: true,
  },
  { kind: 'telegram-token', literals: [':aa'], pattern: String.raw`\d{8,10}:AA[\w-]{32,34}`, isWhole: true },
  {
    kind: 'aws-key',
    literals: ['akia', 'asia', 'abia', 'acca', 'aroa', 'aida', 'a3t'],
    pattern: '(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA|A3T[A-Z0-9])(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}',
    isSure: true,
    isWhole: true,
  },
  { kind: 'aws-key', literals: ['absk'], pattern: 'ABSK[A-Za-z0-9+/]{100,300}={0,2}' },
  { kind: 'aws-key', literals: ['bedrock-api-key-'], pattern: 'bedrock-api-key-[A-Za-z0-9+/=]{20,4096}' },
  {
    kind: 'aws-session-token',
    literals: ['fwogzxivyxdz', 'iqojb3jpz2lu'],
    pattern: '(?:FwoGZXIvYXdz|IQoJb3JpZ2lu)[A-Za-z0-9+/=]{50,4096}',
  },
  { kind: 'google-key', literals: ['aiza'], pattern: String.raw`AIza[\w-]{35}` },
  { kind: 'google-token', literals: ['ya29.'], pattern: String.raw`ya29\.[\w-]{20,2048}` },
  { kind: 'google-token', literals: ['gocspx-'], pattern: String.raw`GOCSPX-[\w-]{20,40}` },
  { kind: 'google-token', literals: ['1//0'], pattern: String.raw`1//0[\w-]{30,150}` },
  { kind: 'azure-secret', literals: ['q~'], pattern: String.raw`[\w.~]{3}\dQ~[\w.~-]{31,34}`, isWhole: true },
  {
    kind: 'azure-secret',
    literals: ['azdo', 'jqqj9', 'acdb', 'aiot', 'asbt', 'azfu', 'azse', 'azca', 'apim'],
    pattern:
      '(?:[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}|[A-Za-z0-9]{52}JQQJ9[9D][A-Za-z0-9]{27}|(?<![+/])[A-Za-z0-9+/]{33,76}(?:ACDb|AIoT|ASbT|AzFu|AzSe|AzCa|APIM)[A-Za-z0-9+/]{5,6}={0,2})',
    isWhole: true,
  },
  { kind: 'npm-token', literals: ['npm_'], pattern: 'npm_[A-Za-z0-9]{30,128}' },
  { kind: 'pypi-token', literals: ['pypi-'], pattern: String.raw`pypi-[\w-]{40,512}` },
  { kind: 'rubygems-key', literals: ['rubygems_'], pattern: 'rubygems_[a-f0-9]{40,64}' },
  { kind: 'nuget-key', literals: ['oy2'], pattern: 'oy2[a-z0-9]{43}', isWhole: true },
  { kind: 'cargo-token', literals: ['cio'], pattern: 'cio[A-Za-z0-9]{32}', isWhole: true },
  { kind: 'clojars-token', literals: ['clojars_'], pattern: 'CLOJARS_[a-z0-9]{60}' },
  { kind: 'docker-token', literals: ['dckr_'], pattern: String.raw`dckr_(?:pat|oat)_[\w-]{16,128}` },
  {
    kind: 'terraform-token',
    literals: ['.atlasv1.'],
    pattern: String.raw`[A-Za-z0-9]{10,20}\.atlasv1\.[\w=-]{50,100}`,
  },
  { kind: 'vault-token', literals: ['hvs.', 'hvb.', 'hvr.'], pattern: String.raw`hv[sbr]\.[\w-]{20,512}` },
  {
    kind: 'doppler-token',
    literals: ['dp.'],
    pattern: String.raw`dp\.(?:pt|ct|sa|scim|audit|st(?:\.[\w-]{1,40})?)\.[A-Za-z0-9]{30,60}`,
  },
  { kind: 'pulumi-token', literals: ['pul-'], pattern: 'pul-[a-f0-9]{40}' },
  { kind: 'infisical-token', literals: ['st.'], pattern: String.raw`st\.[a-f0-9]{24}\.[a-f0-9]{32}\.[a-f0-9]{32}` },
  { kind: 'openshift-token', literals: ['sha256~'], pattern: String.raw`sha256~[\w-]{43}` },
  { kind: 'datadog-key', literals: ['ddapp_', 'ddpat_', 'ddapi_'], pattern: 'dd(?:app|pat|api)_[A-Za-z0-9]{20,80}' },
  { kind: 'sentry-token', literals: ['sntry'], pattern: String.raw`sntry(?:[ua]_[a-f0-9]{64}|s_[\w+/=-]{30,1024})` },
  {
    kind: 'new-relic-key',
    literals: ['nrak-', 'nrii-', 'nriq-', 'nrra-', 'nrjs-', 'nrsp-', 'nral'],
    pattern: String.raw`(?:NR(?:AK|II|IQ|RA|JS|SP)-[\w-]{16,64}|[a-z0-9]{30,40}NRAL)`,
    isWhole: true,
  },
  {
    kind: 'grafana-token',
    literals: ['glsa_', 'glc_', 'eyjrijoi'],
    pattern: 'gl(?:sa|c)_[\\w+/=]{30,512}|eyJrIjoi[A-Za-z0-9+/]{60,512}={0,2}',
  },
  {
    kind: 'dynatrace-token',
    literals: ['dt0c01.', 'dt0s'],
    pattern: String.raw`dt0[cs]\d\d\.[A-Z0-9]{8,40}\.[A-Z0-9]{40,80}`,
  },
  {
    kind: 'launchdarkly-key',
    literals: ['sdk-', 'api-', 'mob-'],
    pattern: '(?:sdk|api|mob)-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}',
    isWhole: true,
  },
  {
    kind: 'stripe-key',
    literals: ['k_live_', 'k_test_', 'k_prod_'],
    pattern: '[srp]k_(?:live|test|prod)_[A-Za-z0-9]{10,256}',
  },
  { kind: 'webhook-secret', literals: ['whsec_'], pattern: 'whsec_[A-Za-z0-9+/=]{20,128}' },
  { kind: 'twilio-key', literals: ['sk'], pattern: 'SK[0-9a-f]{32}', isWhole: true },
  { kind: 'sendgrid-key', literals: ['sg.'], pattern: String.raw`SG\.[\w-]{16,64}\.[\w-]{16,128}` },
  { kind: 'mailgun-key', literals: ['key-'], pattern: '(?:pub)?key-[0-9a-f]{32}', isWhole: true },
  { kind: 'mailgun-key', literals: ['mailgun'], pattern: '[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}', isWhole: true },
  { kind: 'mailchimp-key', literals: ['-us'], pattern: String.raw`[0-9a-f]{32}-us\d{1,2}`, isWhole: true },
  { kind: 'anthropic-key', literals: ['sk-ant-'], pattern: String.raw`sk-ant-[\w-]{16,512}` },
  {
    kind: 'openai-key',
    literals: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 't3blbkfj'],
    pattern: String.raw`sk-(?:(?:proj|svcacct|admin)-[\w-]{20,512}|[A-Za-z0-9]{18,24}T3BlbkFJ[A-Za-z0-9]{18,24})`,
  },
  {
    kind: 'api-key',
    literals: ['sk-'],
    pattern: String.raw`sk-(?:[a-z0-9]{2,8}-){0,2}[A-Za-z0-9]{20,512}`,
    isWhole: true,
  },
  { kind: 'mapbox-token', literals: ['sk.eyj'], pattern: String.raw`sk\.eyJ[\w-]{20,400}\.[\w-]{10,60}` },
  { kind: 'huggingface-token', literals: ['hf_', 'api_org_'], pattern: '(?:hf|api_org)_[A-Za-z0-9]{30,60}' },
  { kind: 'replicate-token', literals: ['r8_'], pattern: 'r8_[A-Za-z0-9]{30,60}' },
  { kind: 'groq-key', literals: ['gsk_'], pattern: 'gsk_[A-Za-z0-9]{40,80}' },
  { kind: 'xai-key', literals: ['xai-'], pattern: 'xai-[A-Za-z0-9]{60,120}' },
  { kind: 'perplexity-key', literals: ['pplx-'], pattern: 'pplx-[A-Za-z0-9]{40,64}' },
  { kind: 'nvidia-key', literals: ['nvapi-'], pattern: String.raw`nvapi-[\w-]{50,80}` },
  { kind: 'langsmith-key', literals: ['lsv2_'], pattern: 'lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}' },
  { kind: 'databricks-token', literals: ['dapi'], pattern: String.raw`dapi[a-f0-9]{32}(?:-\d)?`, isWhole: true },
  {
    kind: 'planetscale-token',
    literals: ['pscale_'],
    pattern: String.raw`pscale_(?:tkn|oauth|pw|api)_[\w.=-]{24,100}`,
  },
  {
    kind: 'supabase-key',
    literals: ['sbp_', 'sb_secret_'],
    pattern: String.raw`sb(?:p_[a-f0-9]{40}|_secret_[\w-]{20,80})`,
  },
  { kind: 'linear-key', literals: ['lin_api_', 'lin_oauth_'], pattern: 'lin_(?:api|oauth)_[A-Za-z0-9]{30,128}' },
  {
    kind: 'notion-token',
    literals: ['ntn_', 'secret_'],
    pattern: '(?:ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43})',
    isWhole: true,
  },
  { kind: 'figma-token', literals: ['figd_', 'figo_'], pattern: String.raw`fig[do]_[\w-]{30,200}` },
  {
    kind: 'atlassian-token',
    literals: ['atatt3', 'atctt3', 'atbb'],
    pattern: String.raw`(?:AT[AC]TT3[\w=-]{20,400}|ATBB[A-Za-z0-9]{24,64})`,
  },
  { kind: 'atlassian-token', literals: ['bbdc-'], pattern: 'BBDC-[A-Za-z0-9+/]{40,60}' },
  { kind: 'shopify-token', literals: ['shp'], pattern: 'shp(?:at|ca|pa|ss|ua)_[a-fA-F0-9]{32,64}' },
  {
    kind: 'square-token',
    literals: ['eaaa', 'sq0'],
    pattern: String.raw`(?:EAAA[\w-]{60}|sq0[a-z]{3}-[\w-]{22,43})`,
    isWhole: true,
  },
  {
    kind: 'paypal-token',
    literals: ['access_token$'],
    pattern: String.raw`access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}`,
  },
  {
    kind: 'cloudflare-token',
    literals: ['cfk_', 'cfut_', 'cfat_', 'v1.0-'],
    pattern: 'cf(?:k|ut|at)_[A-Za-z0-9]{40,64}|v1\\.0-[a-f0-9]{24}-[a-f0-9]{100,200}',
  },
  { kind: 'heroku-key', literals: ['hrku-'], pattern: String.raw`HRKU-[\w-]{30,80}` },
  {
    kind: 'netlify-token',
    literals: ['nfp_', 'nfc_', 'nfo_', 'nfu_', 'nfb_'],
    pattern: 'nf[pcoub]_[A-Za-z0-9]{36,64}',
  },
  {
    kind: 'vercel-token',
    literals: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_', 'vercel_blob_rw_'],
    pattern: 'vc[piark]_[A-Za-z0-9]{20,80}|vercel_blob_rw_[A-Za-z0-9_]{30,80}',
  },
  {
    kind: 'fly-token',
    literals: ['fo1_', 'fm1', 'fm2_'],
    pattern: 'fo1_[\\w-]{40,60}|fm[12][ar]?_[A-Za-z0-9+/=_-]{40,4096}(?:,fm[12][ar]?_[A-Za-z0-9+/=_-]{40,4096}){0,8}',
  },
  { kind: 'digitalocean-token', literals: ['_v1_'], pattern: 'do[opr]_v1_[a-f0-9]{32,128}' },
  { kind: 'tailscale-key', literals: ['tskey-'], pattern: String.raw`tskey-[a-z]{2,20}-\w{8,40}(?:-\w{16,64})?` },
  {
    kind: '1password-token',
    literals: ['ops_eyj', 'a3-'],
    pattern:
      'ops_eyJ[A-Za-z0-9+/_-]{100,4096}={0,3}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}',
  },
  {
    kind: 'artifactory-token',
    literals: ['akcp', 'cmvmd'],
    pattern: '(?:AKCp[A-Za-z0-9]{60,80}|cmVmd[A-Za-z0-9]{59})',
    isWhole: true,
  },
  { kind: 'sonar-token', literals: ['sqp_', 'squ_', 'sqa_'], pattern: 'sq[pua]_[a-f0-9]{40}' },
  { kind: 'postman-key', literals: ['pmak-'], pattern: 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}' },
  {
    kind: 'circleci-token',
    literals: ['ccipat_', 'ccipra_', 'cciprj_'],
    pattern: 'CCI(?:PAT|PRJ|PRA)_[A-Za-z0-9]{16,32}_[a-f0-9]{40}',
  },
  { kind: 'buildkite-token', literals: ['bkua_', 'bkct_', 'bkaj_'], pattern: 'bk(?:ua|ct|aj)_[A-Za-z0-9]{30,80}' },
  { kind: 'sourcegraph-token', literals: ['sgp_'], pattern: 'sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}' },
  { kind: 'airtable-token', literals: ['pat'], pattern: String.raw`pat[A-Za-z0-9]{14}\.[a-f0-9]{64}` },
  { kind: 'contentful-token', literals: ['cfpat-'], pattern: String.raw`CFPAT-[\w-]{40,64}` },
  { kind: 'adafruit-key', literals: ['aio_'], pattern: 'aio_[A-Za-z0-9]{28}' },
  { kind: 'firebase-key', literals: ['aaaa'], pattern: String.raw`AAAA[\w-]{7}:[\w-]{140}` },
  { kind: 'alibaba-key', literals: ['ltai'], pattern: 'LTAI[A-Za-z0-9]{12,24}', isWhole: true },
  { kind: 'readme-key', literals: ['rdme_'], pattern: 'rdme_[a-z0-9]{70}' },
  { kind: 'prefect-key', literals: ['pnu_'], pattern: 'pnu_[A-Za-z0-9]{36}' },
  { kind: 'easypost-key', literals: ['ezak', 'eztk'], pattern: 'EZ[AT]K[A-Za-z0-9]{54}' },
  { kind: 'vault-token', literals: ['vault'], pattern: String.raw`s\.[A-Za-z0-9]{24}`, isWhole: true },
  { kind: 'scalingo-token', literals: ['tk-us-'], pattern: String.raw`tk-us-[\w-]{40,60}` },
  { kind: 'brevo-key', literals: ['xkeysib-'], pattern: 'xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}' },
  { kind: 'duffel-token', literals: ['duffel_'], pattern: String.raw`duffel_(?:test|live)_[\w=-]{40,60}` },
  { kind: 'flutterwave-key', literals: ['flwseck'], pattern: 'FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)?' },
  { kind: 'frameio-token', literals: ['fio-u-'], pattern: String.raw`fio-u-[\w=-]{60,70}` },
  { kind: 'shippo-token', literals: ['shippo_'], pattern: 'shippo_(?:live|test)_[a-fA-F0-9]{40}' },
  { kind: 'octopus-key', literals: ['api-'], pattern: 'API-[A-Z0-9]{26,32}', isWhole: true },
  { kind: 'maxmind-key', literals: ['_mmk'], pattern: '[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk', isWhole: true },
  { kind: 'facebook-token', literals: ['eaa'], pattern: 'EAA[A-Za-z0-9]{100,300}' },
  { kind: 'typeform-token', literals: ['tfp_'], pattern: String.raw`tfp_[\w.=-]{50,70}` },
  {
    kind: 'yandex-token',
    literals: ['t1.', 'aqvn', 'y0_'],
    pattern: String.raw`t1\.[\w-]{1,200}={0,2}\.[\w-]{86}={0,2}|AQVN[\w-]{35,38}|y0_[\w-]{50,70}`,
  },
  { kind: 'dropbox-token', literals: ['sl.'], pattern: String.raw`sl\.(?:u\.)?[\w=-]{130,1400}` },
  {
    kind: 'plaid-token',
    literals: ['access-sandbox-', 'access-development-', 'access-production-'],
    pattern: 'access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  },
  { kind: 'scaleway-key', literals: ['scw'], pattern: 'SCW[A-Z0-9]{17}', isWhole: true },
  { kind: 'age-key', literals: ['age-secret-key-'], pattern: 'AGE-SECRET-KEY-1[A-Z0-9]{40,80}', isSure: true },
  {
    kind: 'jwt',
    literals: ['eyj'],
    pattern: String.raw`eyJ[\w-]{8,4096}\.eyJ[\w-]{4,8192}(?:\.[\w-]{0,4096}){0,4}`,
    isSure: true,
  },
];

/**
 * A token may follow anything but a letter or digit, and also the end of an escape: `\n`, `%3D`, or a colour whose ESC byte was
 * lost.
 */
const START = String.raw`(?<=^|[^A-Za-z0-9]|\\[nrt]|%[0-9A-Fa-f]{2}|\[\d{1,3}m)`;
const END = '(?![A-Za-z0-9])';

/** One rule for each format. */
export const TOKEN_RULES: readonly Rule[] = TOKEN_FORMATS.map(({ kind, literals, pattern, isSure, isWhole }) => {
  const expression = new RegExp(`${START}(?:${pattern})${isWhole === true ? END : ''}`, 'gu');
  return {
    literals,
    apply: (text, mark) =>
      text.replaceAll(expression, (secret) => (isSure === true || isMixed(secret) ? mark(kind, secret) : secret)),
  };
});

/** At least two of lower case, upper case and digits, past the prefix: no name and no row of x. */
function isMixed(secret: string): boolean {
  const body = secret.slice(4);
  return Number(/[a-z]/u.test(body)) + Number(/[A-Z]/u.test(body)) + Number(/\d/u.test(body)) >= 2;
}
