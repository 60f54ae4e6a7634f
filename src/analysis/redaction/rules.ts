import { isSecretName, isSecretValue } from './secret-names.ts';

/** Replaces what it finds by `mark(kind, secret)`. Every quantifier is bounded or starts at a boundary, so time is linear. */
export interface Rule {
  /** Lower case; a line that holds none of them is left alone. */
  readonly literals: readonly string[];
  readonly apply: (text: string, mark: Mark) => string;
}
export type Mark = (kind: string, secret: string) => string;

const KEY_BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^-]{0,8192}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?|-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/gu;
const GITHUB = /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9][\w.-]{15,2047}|github_pat_\w{20,255})/gu;
const JWT = /(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{4,8192}(?:\.[\w-]{0,4096})?/gu;
const PREFIXED: ReadonlyArray<readonly [string, string, RegExp]> = [
  ['aws-key', 'a', /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}(?![A-Za-z0-9])/gu],
  ['slack-token', 'xox', /(?<![A-Za-z0-9])xox[a-z]-[\w-]{10,512}/gu],
  ['slack-token', 'xapp-', /(?<![A-Za-z0-9])xapp-[\w-]{10,512}/gu],
  ['slack-webhook', 'hooks.slack.com', /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{10,256}/gu],
  ['api-key', 'sk-', /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{16,512}/gu],
  ['stripe-key', 'k_', /(?<![A-Za-z0-9])[srp]k_(?:live|test)_[A-Za-z0-9]{10,256}/gu],
  ['npm-token', 'npm_', /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,128}/gu],
  ['gitlab-token', 'gl', /(?<![A-Za-z0-9])gl(?:pat|dt|ptt|rt|soat|cbt)-[\w.-]{16,256}/gu],
  ['pypi-token', 'pypi-', /(?<![A-Za-z0-9])pypi-[\w-]{40,512}/gu],
  ['google-key', 'aiza', /(?<![\w-])AIza[\w-]{35}/gu],
  ['google-token', 'ya29.', /(?<![\w-])ya29\.[\w-]{20,2048}/gu],
  ['sendgrid-key', 'sg.', /(?<![\w-])SG\.[\w-]{16,64}\.[\w-]{16,128}/gu],
  ['digitalocean-token', '_v1_', /(?<![A-Za-z0-9])do[opr]_v1_[a-f0-9]{32,128}/gu],
  ['docker-token', 'dckr_', /(?<![A-Za-z0-9])dckr_(?:pat|oat)_[\w-]{16,128}/gu],
  ['vault-token', 'hv', /(?<![A-Za-z0-9])hv[sbr]\.[\w-]{20,512}/gu],
  ['age-key', 'age-secret-key-', /AGE-SECRET-KEY-1[A-Z0-9]{40,80}/gu],
];
const URL_CREDENTIALS =
  /(?<=:\/\/)[^\s/:@"'<>?#]{0,256}:[^\s/@"'<>]{1,2048}(?=@)|(?<=:\/\/)[^\s/:@"'<>?#]{20,512}(?=@)/gu;
const HEADER =
  /(authorization["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:basic|bearer|token|digest|negotiate|apikey|aws4-hmac-sha256)\s{1,3})?)([^\s"',;]{4,8192})/giu;
const BEARER = /(\bbearer\s{1,3})([A-Za-z0-9._~+/=-]{16,8192})/giu;
const BASIC = /(\bbasic\s{1,3})([A-Za-z0-9+/]{12,2048}={0,2})(?![A-Za-z0-9])/giu;
const FLAG =
  /((?:^|\s)--?(?:password|passwd|passphrase|token|secret|api-?key|access-?key|secret-?key|auth-?token|access-?token|client-secret|http-password|registry-password)(?:=|\s{1,3})["']?)([^\s"'-][^\s"']{2,2048})/giu;
const CURL_USER = /(\s(?:-u|--user)[ =]["']?[^\s:"']{1,100}:)([^\s"']{1,512})/gu;
const PAIR =
  /(?<![A-Za-z0-9_])(?<name>[A-Za-z_][\w.-]{1,80})(?:\\?["'])?(?<gap>\s{0,3}(?:=>|:=|=|:)\s{0,3})(?:\\?(?<quote>["'])(?<inner>[^"'\\]{0,4096})|(?<bare>[^\s,;&"'|<>\\]{1,4096}))/gu;
const EMAIL =
  /(?<![\w.%+/=:-])[A-Za-z0-9][\w.%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61})\.){1,6}(?<end>[A-Za-z]{2,24})(?![\w@-])/gu;
const FILE_ENDS: ReadonlySet<string> = new Set(
  'png jpg jpeg gif svg webp ico js mjs cjs ts tsx jsx json yml yaml toml lock gz tgz zip tar xz bz jar war whl so dll exe py rb rs go java kt php html css scss md txt sh xml log bin node wasm map dylib conf cfg service socket target timer mount'.split(
    ' ',
  ),
);

/** In this order; each sees what the one before has left. */
export const RULES: readonly Rule[] = [
  {
    literals: ['private key'],
    apply: (text, mark) => text.replaceAll(KEY_BLOCK, (secret) => mark('private-key', secret)),
  },
  {
    literals: ['gh', 'github_pat_'],
    apply: (text, mark) => text.replaceAll(GITHUB, (secret) => mark('github-token', secret)),
  },
  { literals: ['eyj'], apply: (text, mark) => text.replaceAll(JWT, (secret) => mark('jwt', secret)) },
  ...PREFIXED.map(([kind, literal, pattern]) => ({
    literals: [literal],
    apply: (text: string, mark: Mark) => text.replaceAll(pattern, (secret) => mark(kind, secret)),
  })),
  { literals: ['://'], apply: redactUrls },
  {
    literals: ['authorization'],
    apply: (text, mark) => redactGroup(text, HEADER, (secret) => mark('authorization', secret)),
  },
  { literals: ['bearer'], apply: (text, mark) => redactGroup(text, BEARER, (secret) => mark('authorization', secret)) },
  { literals: ['basic'], apply: redactBasic },
  {
    literals: [
      '-pass',
      '-token',
      '-secret',
      '-key',
      'key',
      '-http',
      '-auth',
      '-access',
      '-client',
      '-registry',
      '-api',
    ],
    apply: (text, mark) => redactGroup(text, FLAG, (secret) => mark('secret-variable', secret)),
  },
  {
    literals: ['-u', '--user'],
    apply: (text, mark) => redactGroup(text, CURL_USER, (secret) => mark('url-credentials', secret)),
  },
  { literals: ['pass', 'pwd', 'secret', 'token', 'key', 'credential', 'sig'], apply: redactPairs },
  { literals: ['@'], apply: redactEmails },
];

function isHidden(secret: string): boolean {
  return (
    /^[*xX.]{1,400}$/u.test(secret) || secret.includes('[redacted:') || secret.startsWith('$') || secret.startsWith('<')
  );
}

function redactGroup(text: string, pattern: RegExp, mark: (secret: string) => string): string {
  return text.replaceAll(pattern, (whole: string, lead: string, secret: string) =>
    isHidden(secret) ? whole : `${lead}${mark(secret)}`,
  );
}

function redactUrls(text: string, mark: Mark): string {
  return text.replaceAll(URL_CREDENTIALS, (secret) =>
    isHidden(secret) || secret.split(':').every((part) => part === '' || isHidden(part))
      ? secret
      : mark('url-credentials', secret),
  );
}

/** "basic" is also a word: only what decodes to `user:password` is a header. */
function redactBasic(text: string, mark: Mark): string {
  return text.replaceAll(BASIC, (whole: string, lead: string, secret: string) => {
    const decoded = Buffer.from(secret, 'base64').toString('latin1');
    return /^[\u0020-\u007e]{1,200}:[\u0020-\u007e]{0,1400}$/u.test(decoded)
      ? `${lead}${mark('authorization', secret)}`
      : whole;
  });
}

/** `NAME=value`, `"name": "value"` and their kin. The value of a harmless name is searched again: it may hold a pair itself. */
function redactPairs(text: string, mark: Mark): string {
  let result = '';
  let from = 0;
  PAIR.lastIndex = 0;
  for (let match = PAIR.exec(text); match !== null; match = PAIR.exec(text)) {
    const { name = '', gap = '', quote, inner, bare } = match.groups ?? {};
    const value = inner ?? bare ?? '';
    const end = match.index + match[0].length;
    const start = end - value.length;
    // `[redacted:url-credentials:1a2b]` looks like a pair, too.
    const isMark = text.slice(Math.max(0, match.index - 10), match.index) === '[redacted:';
    const isSecret =
      !isMark &&
      isSecretName(name) &&
      isSecretValue(name, value, { isQuoted: quote !== undefined, isTight: !/\s/u.test(gap) && !gap.includes(':') });
    if (isSecret) {
      result += text.slice(from, start) + mark('secret-variable', value);
      from = end;
    } else {
      PAIR.lastIndex = Math.max(start, match.index + 1);
    }
  }
  return from === 0 ? text : result + text.slice(from);
}

function redactEmails(text: string, mark: Mark): string {
  return text.replaceAll(EMAIL, (address) => {
    const end = address.slice(address.lastIndexOf('.') + 1).toLowerCase();
    return address.startsWith('git@') || FILE_ENDS.has(end) ? address : mark('email', address);
  });
}
