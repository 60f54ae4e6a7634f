import { isHidden } from './rule.ts';

const SECRET_WORDS: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'passphrase',
  'passwords',
  'pwd',
  'pass',
  'secret',
  'secrets',
  'token',
  'apikey',
  'authkey',
  'accesskey',
  'secretkey',
  'privatekey',
  'credential',
  'credentials',
  'creds',
  'sig',
  'apitoken',
  'authtoken',
  'accesstoken',
  'clientsecret',
  'identitytoken',
  'registrytoken',
  'sharedaccesskey',
  'accountkey',
  'storepass',
  'keypass',
  'sshpass',
  'dbpass',
  'userpass',
]);
/** `<word>_KEY`: a key that opens something, as against a key of a map. */
const KEY_WORDS: ReadonlySet<string> = new Set(
  (
    'api access private secret auth encryption signing account deploy master license ssh gpg service shared subscription admin write ' +
    'rsa ssl tls jwt hmac aes pgp age storage functions instrumentation relic integration ' +
    'fastly datadog stripe openai anthropic cohere mailgun sendgrid pinecone algolia nuget snyk'
  ).split(' '),
);
/** A name that ends so speaks about the secret, and does not hold it. */
const HARMLESS_ENDS: ReadonlySet<string> = new Set(
  (
    'file path url uri name names id ids type types length count expires expiry expiration ttl endpoint dir directory ref version ' +
    'size limit usage env field header prefix suffix regex pattern policy manager scope scopes kind index position start end line ' +
    'col column hint rotation required enabled exists valid status error message class store mode provider address host'
  ).split(' '),
);

/** Whether a variable, key, flag or field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  // The shell's working directory; the key of a .NET assembly, which is public.
  if (/^(?:OLD)?PWD$|^PublicKeyToken$/u.test(name)) return false;
  // `-Dpassword=…` of Java, `-Ppassword=…` of Gradle.
  return holdsSecret(name) || (/^[DP][a-z]/u.test(name) && holdsSecret(name.slice(1)));
}

function holdsSecret(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]{1,80}/u)
    .filter((word) => word !== '');
  const last = words.at(-1);
  if (last === undefined || HARMLESS_ENDS.has(last)) return false;
  // `…_PASS` is a password, `…_PAT` a personal access token, `--pass` alone or `pass: 3` of a test report is none.
  return words.some((word, at) => {
    if (word === 'pass' || word === 'pat') return words.length > 1 && at === words.length - 1;
    if (word === 'login') return words[at - 1] === 'sonar';
    if (word === 'key') return KEY_WORDS.has(words[at - 1] ?? '');
    // `PGPASSWORD`, `keystorepassword`
    return SECRET_WORDS.has(word) || /^[a-z]{2,20}(?:password|passwd|passphrase)$/u.test(word);
  });
}

const HARMLESS_VALUES: ReadonlySet<string> = new Set(
  (
    'true false null nil none undefined string number boolean object any unknown never void bool int str optional required missing ' +
    'invalid read write admin expected unexpected and or not is was the a an empty default yes no on off set unset changeme ' +
    'redacted hidden masked secret password token xxx inherit'
  ).split(' '),
);
const PLACEHOLDER =
  /^(?:[*xX.•#-]{1,200}|\$\{?\{?.{0,200}|%\w{1,80}%|<.{0,200}|\{\{.{0,200}|\[redacted.{0,200}|secrets\..{0,200}|env\..{0,200}|process\.env.{0,200}|os\.environ.{0,200}|var\..{0,200}|\.{3}.{0,20})$/u;
const CODE = /[(){}]|=>|::|^[.&@]|^\w{1,40}\.\w{1,40}(?:\.\w{1,40}){0,6}$/u;
/** A file, with or without a line; a path with a word for its first folder. */
const FILE = /^~?\/[a-z][\w.-]{1,40}\/|^\.{1,2}\/|^[A-Za-z]:[\\/]|^[\w./-]{1,200}\.[a-z]{1,5}(?::\d{1,7}){0,2}$/u;

/** Whether a value that stands beside a secret's name is the secret itself, and no placeholder, type or code. */
export function isSecretValue(
  name: string,
  value: string,
  { isQuoted, isTight }: { isQuoted: boolean; isTight: boolean },
): boolean {
  if (value.length < 4 || PLACEHOLDER.test(value) || HARMLESS_VALUES.has(value.toLowerCase())) return false;
  if (isHidden(value) || (!isQuoted && FILE.test(value)) || /^~?\/[a-z][\w.-]{1,40}\//u.test(value)) return false;
  const isVariable = /^[A-Z][A-Z0-9_]{2,80}$/u.test(name);
  if (isVariable) return true;
  if (isQuoted) return !value.includes(' ') || (/\d/u.test(value) && !/ [=!<>&|]{1,3} /u.test(value));
  if (CODE.test(value)) return false;
  if (isTight) return true;
  return value.length >= 8 && /\d/u.test(value) && /[A-Za-z]/u.test(value);
}
