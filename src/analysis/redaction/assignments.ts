import { isHidden, type Mark, redactGroup, type Rule } from './rule.ts';
import { isSecretName, isSecretValue } from './secret-names.ts';

/** A name and what ties it to its value. The value is looked at only where the name is a secret's. */
const NAME = /(?<![\w.]|\w-)(?<name>[A-Za-z_][\w.-]{1,200})(?:\\?["'\]]){0,2}(?<gap>\s{0,3}(?:=>|:=|=|:)\s{0,3})/gu;
const VALUE =
  /\\?(?<quote>["'])(?<inner>(?:(?!\k<quote>)[^\\]|\\(?!\k<quote>).){0,4096})|(?<bare>[^\s,;&"'|<>\\]{1,4096})/uy;
/** `<password>…</password>` */
const ELEMENT = /<(?<name>[A-Za-z_][\w.:-]{1,80})(?:\s[^<>]{0,200})?>(?<value>[^<>\s][^<>]{0,4095})(?=<\/)/gu;
/** `<add key="ApiKey" value="…"/>`, `{"name": "API_KEY", "value": "…"}`, `- name: API_KEY value: …` */
const NAMED_VALUE =
  /(?:key|name|var|variable)\\?["']?\s{0,3}[:=]\s{0,3}\\?["'](?<name>[\w.-]{2,80})\\?["'][\s,]{1,5}\\?["']?(?:value|val)\\?["']?\s{0,3}[:=]\s{0,3}\\?["'](?<value>[^"'\\]{1,4096})/giu;
/** `ENV API_KEY …` of a Dockerfile, `set -x API_KEY …` of fish, `setx API_KEY …` of Windows. */
const SPACED =
  /(?:\bENV|\bset -[a-z]{1,4}|\bsetx)\s{1,3}(?<name>[A-Za-z_]\w{1,80})\s{1,3}["']?(?<value>[^\s"'=][^\s"']{3,4095})/gu;
const FLAG =
  /((?:^|[\s"'[,])--?(?:[a-z]{1,20}[-_.]){0,3}(?:password|passwd|passphrase|pwd|token|secret|api-?key|access-?key|secret-?key|private-?key|auth-?token|access-?token)(?:["']?\s{0,2}[=,]\s{0,2}|\s{1,3})["']?)([^\s"'-][^\s"',]{2,2048})/giu;
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
];
const PIPED = /(\becho\s{1,3}(?:-n\s{1,3})?["']?)([^\s"'|]{4,2048})(?=["']?\s{0,3}\|[^|]{0,200}--password-stdin)/gu;
const POWERSHELL = /(ConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?["'])([^"']{4,2048})/giu;
const CURL_USER = /((?:\s|^)(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"'/]{1,100}:)([^\s"'/:][^\s"']{2,512})/gu;
const NETRC =
  /((?:\bmachine\s{1,5}\S{1,200}\s{1,5}|\blogin\s{1,5}\S{1,200}\s{1,5}|^\s{1,20})password\s{1,5})(\S{4,512})(?=\s|$)/gu;
/** `"auth": "…"` of Docker, `_auth=…` of npm: a user and a password in base64. */
const AUTH =
  /((?:"auth"|'auth'|\\"auth\\"|\b_auth|\bidentitytoken"|\bregistrytoken")\s{0,3}[:=]\s{0,3}\\?["']?)([A-Za-z0-9+/=_.-]{8,4096})/gu;
/** A client key of kubectl: PEM in base64. */
const KEY_DATA = /(\b(?:client-)?key-data["']?\s{0,3}:\s{0,3}["']?)([A-Za-z0-9+/=]{16,8192})/gu;

/** What a name, a flag or a command says about the value beside it. */
export const ASSIGNMENT_RULES: readonly Rule[] = [
  group(
    ['-pass', '-pwd', '-token', '-secret', 'key', '-auth', '-access', '.pass', '_pass', '_token', '_secret', '.token'],
    FLAG,
    (secret) => isFlagValue(secret),
  ),
  ...SHORT_FLAGS.map(([literals, pattern]) =>
    group(literals, pattern, (secret) => !/^[\d:./]{1,40}$|^[/~.]/u.test(secret)),
  ),
  group(['--password-stdin'], PIPED),
  group(['convertto-securestring'], POWERSHELL),
  group(['curl', 'wget', 'jfrog', 'httpie'], CURL_USER, (secret) => !/^\d{1,6}$/u.test(secret)),
  group(['password'], NETRC, (secret) => /[^a-z:]/u.test(secret.slice(1))),
  group(['auth"', "auth'", 'auth\\"', '_auth', 'token"'], AUTH),
  group(['key-data'], KEY_DATA),
  named(['</'], ELEMENT),
  named(['value'], NAMED_VALUE),
  named(['env ', 'set -', 'setx'], SPACED),
  { literals: ['pass', 'pwd', 'secret', 'token', 'key', 'cred', 'sig', '_pat', 'login'], apply: redactPairs },
];

function group(literals: readonly string[], pattern: RegExp, isSecret: (value: string) => boolean = () => true): Rule {
  return {
    literals,
    apply: (text, mark) =>
      redactGroup(text, pattern, (secret) => (isSecret(secret) ? mark('secret-variable', secret) : secret)),
  };
}

/** Words of help texts follow a flag as well: `--token string`, `--password is required`. */
function isFlagValue(value: string): boolean {
  return (
    isSecretValue('flag', value, { isQuoted: false, isTight: true }) &&
    !/^[a-z]{1,12}[.,;:)\]]?$|^[A-Z_]{2,40}$/u.test(value)
  );
}

function named(literals: readonly string[], pattern: RegExp): Rule {
  return {
    literals,
    apply: (text, mark) =>
      text.replaceAll(pattern, (whole: string, ...rest: unknown[]) => {
        const { name, value } = groupsOf(rest);
        if (!isSecretName(name) || !isSecretValue(name, value, { isQuoted: true, isTight: false })) return whole;
        return whole.slice(0, whole.length - value.length) + mark('secret-variable', value);
      }),
  };
}

function groupsOf(rest: readonly unknown[]): { name: string; value: string } {
  const groups = rest.at(-1);
  if (typeof groups !== 'object' || groups === null) return { name: '', value: '' };
  const name = 'name' in groups ? String(groups.name) : '';
  return { name, value: 'value' in groups ? String(groups.value) : '' };
}

/** `NAME=value`, `"name": "value"` and their kin. The value of a harmless name is searched again: it may hold a pair itself. */
function redactPairs(text: string, mark: Mark): string {
  let result = '';
  let from = 0;
  NAME.lastIndex = 0;
  for (let match = NAME.exec(text); match !== null; match = NAME.exec(text)) {
    const { name = '', gap = '' } = match.groups ?? {};
    // `[redacted:url-credentials:1a2b]` looks like a pair, too.
    const isMark = text.slice(Math.max(0, match.index - 10), match.index) === '[redacted:';
    if (isMark || !isSecretName(name)) continue;
    VALUE.lastIndex = NAME.lastIndex;
    const { quote, inner, bare } = VALUE.exec(text)?.groups ?? {};
    const value = inner ?? bare ?? '';
    const isTight = !/\s/u.test(gap) && !gap.includes(':');
    if (isHidden(value) || !isSecretValue(name, value, { isQuoted: quote !== undefined, isTight })) continue;
    const end = VALUE.lastIndex;
    result += text.slice(from, end - value.length) + mark('secret-variable', value);
    from = end;
    NAME.lastIndex = end;
  }
  return from === 0 ? text : result + text.slice(from);
}
