import { type Rule, variableRule } from './rule.ts';
import { isSecretValue } from './secret-names.ts';

const FLAG =
  /((?:^|[\s"'[,])--?(?:[a-z]{1,20}[-_.]){0,3}(?:password|passwd|passphrase|pwd|token|secret|api-?key|access-?key|secret-?key|private-?key|auth-?token|access-?token|(?:[a-z]{2,4})?(?:store|key)pass)(?:["']?\s{0,2}[=,]\s{0,2}|\s{1,3})["']?)([^\s"'-][^\s"',]{2,2048})/giu;
/** `-p` and its kin mean something else in most programs; some take the value without a space. */
const SHORT_FLAGS: ReadonlyArray<readonly [literals: readonly string[], pattern: RegExp]> = [
  [['login'], /(\blogin\s(?:[^|;&]{0,200}?\s)?-p[\s=]["']?)([^\s"'-][^\s"']{3,256})/gu],
  [
    ['sshpass', 'mongo', '7z'],
    /(\b(?:sshpass|mongo[a-z]{0,8}|7za?)\s(?:[^|;&]{0,200}?\s)?-p[\s=]?["']?)([^\s"'-][^\s"']{3,256})/gu,
  ],
  [['mysql', 'mariadb'], /(\b(?:mysql|mariadb)[a-z-]{0,10}\s(?:[^|;&]{0,200}?\s)?-p["']?)([^\s"'-][^\s"']{3,256})/gu],
  [['redis-cli'], /(\bredis-cli\s(?:[^|;&]{0,200}?\s)?-a[\s=]["']?)([^\s"'-][^\s"']{3,256})/gu],
  [['zip ', 'sqlcmd'], /(\b(?:unzip|zip|sqlcmd)\s(?:[^|;&]{0,200}?\s)?-P[\s=]?["']?)([^\s"'-][^\s"']{3,256})/gu],
  [['ldap'], /(\bldap[a-z]{3,10}\s(?:[^|;&]{0,200}?\s)?-w[\s=]["']?)([^\s"'-][^\s"']{3,256})/gu],
  [['twine'], /(\btwine\s(?:[^|;&]{0,200}?\s)?-p[\s=]["']?)([^\s"'-][^\s"']{3,256})/gu],
  [['nuget'], /(\bnuget\s(?:[^|;&]{0,200}?\s)?-(?:k|ApiKey)[\s=]["']?)([^\s"'-][^\s"']{3,256})/gu],
  [['codecov'], /(\bcodecov\s(?:[^|;&]{0,200}?\s)?-t[\s=]["']?)([^\s"'-][^\s"']{3,256})/gu],
  [
    ['cargo login', 'snyk auth', 'authtoken'],
    /((?:\bcargo login|\bsnyk auth|\bngrok (?:config add-)?authtoken|:_authToken)\s{1,3}["']?)([^\s"'-][^\s"']{15,256})/gu,
  ],
  [['-pass'], /(\s-pass(?:in|out)?\s{1,3}pass:)([^\s"']{4,256})/gu],
];
const CHPASSWD = /(\becho\s{1,3}["']?[^\s:"'|]{1,64}:)([^\s"'|]{4,256})(?=["']?\s{0,3}\|[^|]{0,40}\bchpasswd)/gu;
/** How a workflow tells GitHub, and a pipeline Azure, what to hide: printed where a shell traces its commands. */
const TO_BE_HIDDEN =
  /(::add-mask::|##vso\[task\.set(?:secret|variable [^\]]{0,200}issecret=true)[^\]]{0,200}\])([^\s"']{4,4096})/giu;
const SQL = /(\b(?:IDENTIFIED (?:WITH \w{1,60} )?BY|PASSWORD)\s{1,3}')([^']{4,256})(?=')/gu;
const PIPED = /(\becho\s{1,3}(?:-n\s{1,3})?["']?)([^\s"'|]{4,2048})(?=["']?\s{0,3}\|[^|]{0,200}--password-stdin)/gu;
const POWERSHELL = /(ConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?["'])([^"']{4,2048})/giu;
const CURL_USER = /((?:\s|^)(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"'/]{1,100}:)([^\s"'/:][^\s"']{2,512})/gu;
const NETRC =
  /((?:\bmachine\s{1,5}\S{1,200}\s{1,5}|\blogin\s{1,5}\S{1,200}\s{1,5}|^\s{1,20})password\s{1,5})(\S{4,512})(?=\s|$)/gu;

/** What a flag or a command says about the value beside it. */
export const COMMAND_RULES: readonly Rule[] = [
  variableRule(
    [
      '-pass',
      '-pwd',
      'storepass',
      '-token',
      '-secret',
      'key',
      '-auth',
      '-access',
      '.pass',
      '_pass',
      '_token',
      '_secret',
      '.token',
    ],
    FLAG,
    (secret) => isFlagValue(secret),
  ),
  ...SHORT_FLAGS.map(([literals, pattern]) =>
    variableRule(literals, pattern, (secret) => !/^[\d:./]{1,40}$|^[/~.]/u.test(secret)),
  ),
  variableRule(['--password-stdin'], PIPED),
  variableRule(['chpasswd'], CHPASSWD),
  variableRule(['::add-mask::', 'task.setsecret', 'issecret=true'], TO_BE_HIDDEN),
  variableRule(['identified', "password '"], SQL),
  variableRule(['convertto-securestring'], POWERSHELL),
  variableRule(['curl', 'wget', 'jfrog', 'httpie'], CURL_USER, (secret) => !/^\d{1,6}$/u.test(secret)),
  variableRule(['password'], NETRC, (secret) => /[^a-z:]/u.test(secret.slice(1))),
];

/** Words of help texts follow a flag as well: `--token string`, `--password is required`. */
function isFlagValue(value: string): boolean {
  return (
    isSecretValue('flag', value, { isQuoted: false, isTight: true }) &&
    !/^[a-z]{1,12}[.,;:)\]]?$|^[A-Z_]{2,40}$/u.test(value)
  );
}
