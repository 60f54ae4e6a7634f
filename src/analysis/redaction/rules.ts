import { ASSIGNMENT_RULES } from './assignments.ts';
import { COMMAND_RULES } from './commands.ts';
import { redactKeyBlocks } from './private-key-block.ts';
import { isHidden, type Mark, redactGroup, type Rule } from './rule.ts';
import { TOKEN_RULES } from './tokens.ts';

export type { Mark, Rule } from './rule.ts';

/** Beside an AWS key: forty characters of base64 that are neither a hash in hex nor a path. */
const AWS_SECRET =
  /(?<![A-Za-z0-9/+=])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}\d)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gu;
const URL_CREDENTIALS =
  /(?<=:\/\/)[^\s/:@"'<>?#\\]{0,256}:[^\s/@"'<>\\]{1,2048}(?=@)|(?<=:\/\/)[^\s/:@"'<>?#\\]{20,512}(?=@)/gu;
const HEADER =
  /(authorization["']?\s{0,3}[:=]\s{0,3}[["']{0,2}(?:(?:basic|bearer|token|digest|negotiate|apikey|aws4-hmac-sha256|flyv1|snowflake token=|sso-key|genie[kK]ey|bot)\s{1,3})?)([^\s"',;\\\])}]{4,8192})/giu;
/** A scheme whose credential is hidden already, or on another line. */
const SCHEME = /^(?:basic|bearer|token|digest|negotiate|ntlm)$/iu;
const BEARER = /(\bbearer\s{1,3})([A-Za-z0-9._~+/=-]{16,8192})/giu;
const BASIC = /(\bbasic\s{1,3})([A-Za-z0-9+/]{12,2048}={0,2})(?![A-Za-z0-9])/giu;
const COOKIES = /(\b(?:set-)?cookie2?["']?\s{0,3}[:=]\s{0,3}["']?)([\w.!#$%&*+^`|~-]{1,128}=[^\r\n"']{4,8192})/giu;
const COOKIE = /(^|;\s{0,3})([\w.!#$%&*+^`|~-]{1,128}=)([^;\s]{4,4096})/gu;
const COOKIE_ATTRIBUTE = /^;?\s{0,3}(?:path|domain|expires|max-age|samesite|version|priority)=$/iu;
const PRESIGNED =
  /((?:X-(?:Amz|Goog)-(?:Signature|Security-Token|Credential)|[?&](?:sig|signature|Signature|hmac|AuthParam))=)([\w%+/=.-]{16,4096})/gu;
/** Also right behind `=` and `:`, as in `user.email=…` and `mailto:…`; of a URL's user and password nothing is left by then. */
const EMAIL =
  /(?<![\p{L}\w.%+/@$-])[\p{L}\p{N}][\p{L}\w.%+-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61})\.){1,6}(?<end>\p{L}{2,24})(?![\p{L}\w@-])/gu;
const FILE_ENDS: ReadonlySet<string> = new Set(
  'png jpg jpeg gif svg webp ico js mjs cjs ts tsx jsx json yml yaml toml lock gz tgz zip tar xz bz jar war whl so dll exe py rb rs go java kt php html css scss md txt sh xml log bin node wasm map dylib conf cfg service socket target timer mount'.split(
    ' ',
  ),
);

/**
 * Addresses that no person has: of programs, of machines (a UUID, or a host that begins like a version), GitHub's SSH address of an
 * organisation that each checkout prints, Google's service accounts, and those in domains that RFC 2606 and 6761 keep free.
 */
const NOBODY =
  /^(?:git|noreply|no-reply|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})@|^org-\d{1,12}@github\.com$|@\d{1,9}\.(?:\d|i-\d)|[@.](?:localhost|invalid|gserviceaccount\.com|example\.(?:com|net|org))$/iu;

/** In this order; each sees what the one before has left. */
export const RULES: readonly Rule[] = [
  { literals: ['private key'], apply: redactKeyBlocks },
  {
    literals: ['akia', 'asia', 'aws'],
    apply: (text, mark) =>
      /A[KS]IA[A-Z0-9]{16}/u.test(text) ? text.replaceAll(AWS_SECRET, (secret) => mark('aws-secret', secret)) : text,
  },
  ...TOKEN_RULES,
  { literals: ['@'], apply: redactUrls },
  {
    literals: ['authorization'],
    apply: (text, mark) =>
      redactGroup(text, HEADER, (secret) => (SCHEME.test(secret) ? secret : mark('authorization', secret))),
  },
  { literals: ['bearer'], apply: (text, mark) => redactGroup(text, BEARER, (secret) => mark('authorization', secret)) },
  { literals: ['basic'], apply: redactBasic },
  { literals: ['cookie'], apply: redactCookies },
  {
    literals: ['-signature', '-security-token', '-credential', 'sig=', 'signature=', 'hmac=', 'authparam='],
    apply: (text, mark) => redactGroup(text, PRESIGNED, (secret) => mark('signed-url', secret)),
  },
  ...COMMAND_RULES,
  ...ASSIGNMENT_RULES,
  { literals: ['@'], apply: redactEmails },
];

const FORMATS: readonly Rule[] = RULES.slice(0, 2 + TOKEN_RULES.length);

/** Only formats that can be told by themselves. */
export function redactTokens(text: string, mark: Mark): string {
  const folded = text.toLowerCase();
  return FORMATS.reduce(
    (clean, { literals, apply }) => (literals.some((literal) => folded.includes(literal)) ? apply(clean, mark) : clean),
    text,
  );
}

function redactUrls(text: string, mark: Mark): string {
  return text.replaceAll(URL_CREDENTIALS, (secret) =>
    isHidden(secret) || isHidden(secret.slice(secret.indexOf(':') + 1)) || secret.endsWith(':')
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

/** The values of cookies go; their names and attributes stay. */
function redactCookies(text: string, mark: Mark): string {
  return redactGroup(text, COOKIES, (cookies) =>
    cookies.replaceAll(COOKIE, (whole: string, lead: string, name: string, value: string) =>
      COOKIE_ATTRIBUTE.test(lead + name) || isHidden(value) ? whole : `${lead}${name}${mark('cookie', value)}`,
    ),
  );
}

function redactEmails(text: string, mark: Mark): string {
  return text.replaceAll(EMAIL, (address, ...rest) => {
    // `.rs` and `.sh` are countries as well: between angle brackets stands no file.
    const isBracketed = text[Number(rest.at(-3)) - 1] === '<';
    const end = address.slice(address.lastIndexOf('.') + 1).toLowerCase();
    return NOBODY.test(address) || (FILE_ENDS.has(end) && !isBracketed) ? address : mark('email', address);
  });
}
