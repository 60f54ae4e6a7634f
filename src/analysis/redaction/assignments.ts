import { isHidden, type Mark, type Rule, variableRule } from './rule.ts';
import { isSecretName, isSecretValue } from './secret-names.ts';

/**
 * A name and what ties it to its value, which may be wrapped: `Some("…")`, `u'…'`. The value is looked at only where the name is a
 * secret's.
 */
const NAME =
  /(?<![\w.]|\w-)(?<name>[A-Za-z_][\w.-]{1,200})(?:\\?["'\]]){0,2}(?<gap>\s{0,3}(?:=>|:=|=|:)\s{0,3})(?:(?:[A-Z]\w{1,20}\()?[bru]?(?=\\?["']))?/gu;
const VALUE =
  /\\?(?<quote>["'])(?<inner>(?:(?!\k<quote>)[^\\]|\\(?!\k<quote>).){0,4096})|(?<bare>[^\s,;&"'|<>\\]{1,4096})/uy;
/** `<password>…</password>` */
const ELEMENT = /<(?<name>[A-Za-z_][\w.:-]{1,80})(?:\s[^<>]{0,200})?>(?<value>[^<>\s][^<>]{0,4095})(?=<\/)/gu;
/** `<add key="ApiKey" value="…"/>`, `{"name": "API_KEY", "value": "…"}`, `- name: API_KEY value: …` */
const NAMED_VALUE =
  /(?:key|name|var|variable)\\?["']?\s{0,3}[:=]\s{0,3}\\?["'](?<name>[\w.-]{2,80})\\?["'][\s,]{1,5}\\?["']?(?:value|val)\\?["']?\s{0,3}[:=]\s{0,3}\\?["'](?<value>[^"'\\]{1,4096})/giu;
/** Closes what was opened before the name: `{password: …}`, `Config(apiKey=…)`. */
const CLOSED = /^(?<value>[^()[\]{}]{8,4096})[)\]}]{1,20}[.:]?$/u;
/** `ENV API_KEY …` of a Dockerfile, `set -x API_KEY …` of fish, `setx API_KEY …` of Windows. */
const SPACED =
  /(?:\bENV|\bset -[a-z]{1,4}|\bsetx)\s{1,3}(?<name>[A-Za-z_]\w{1,80})\s{1,3}["']?(?<value>[^\s"'=][^\s"']{3,4095})/gu;
const SPOKEN =
  /(?<![\w.-])(?<name>[A-Za-z][\w-]{2,60})(?:\s{1,3}(?:is|was)\s{1,3}|\s{0,30}\|\s{1,3}|\s{1,40})["'`]?(?<value>[\w+/=~-]{14,512})(?![\w.(:/])/gu;
/** `"auth": "…"` of Docker, `_auth=…` of npm: a user and a password in base64. */
const AUTH =
  /((?:"auth"|'auth'|\\"auth\\"|\b_auth|\bidentitytoken"|\bregistrytoken")\s{0,3}[:=]\s{0,3}\\?["']?)([A-Za-z0-9+/=_.-]{8,4096})/gu;
/** A client key of kubectl: PEM in base64. */
const KEY_DATA = /(\b(?:client-)?key-data["']?\s{0,3}:\s{0,3}["']?)([A-Za-z0-9+/=]{16,8192})/gu;

/** What a name says about the value beside it. */
export const ASSIGNMENT_RULES: readonly Rule[] = [
  variableRule(['auth"', "auth'", 'auth\\"', '_auth', 'token"'], AUTH),
  variableRule(['key-data'], KEY_DATA),
  named(['</'], ELEMENT),
  named(['value'], NAMED_VALUE),
  named(['env ', 'set -', 'setx'], SPACED),
  { literals: ['pass', 'token', 'secret', 'api'], apply: redactSpoken },
  { literals: ['pass', 'pwd', 'secret', 'token', 'key', 'cred', 'sig', '_pat', 'login'], apply: redactPairs },
];

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

/** `The password is …`, a row of a table, columns: only what no word, hash or path looks like. */
function redactSpoken(text: string, mark: Mark): string {
  return text.replaceAll(SPOKEN, (whole: string, ...rest: unknown[]) => {
    const { name, value } = groupsOf(rest);
    if (!isSecretName(name) || !looksRandom(value)) return whole;
    return whole.slice(0, whole.length - value.length) + mark('secret-variable', value);
  });
}

/** Capital and small letters and digits in no order that a name would have. */
function looksRandom(value: string): boolean {
  const isMixed = /[a-z]/u.test(value) && /[A-Z]/u.test(value) && (value.match(/\d/gu) ?? []).length > 1;
  return isMixed && !/[a-z]{6}|[A-Z]{6}|[A-Za-z]{4}[-_/][A-Za-z]{4}|^v?\d{1,4}[.-]/u.test(value);
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
    const closed = CLOSED.exec(bare ?? '')?.groups?.['value'];
    const value = inner ?? closed ?? bare ?? '';
    const isTight = closed === undefined && !/\s/u.test(gap) && !gap.includes(':');
    if (isHidden(value) || !isSecretValue(name, value, { isQuoted: quote !== undefined, isTight })) continue;
    const end = VALUE.lastIndex - (closed === undefined ? 0 : (bare ?? '').length - closed.length);
    result += text.slice(from, end - value.length) + mark('secret-variable', value);
    from = end;
    NAME.lastIndex = end;
  }
  return from === 0 ? text : result + text.slice(from);
}
