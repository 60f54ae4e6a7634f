import { PLATFORM_FORMATS } from './platform-formats.ts';
import type { Rule, TokenFormat } from './rule.ts';
import { SERVICE_FORMATS } from './service-formats.ts';

/** Formats as their makers document them, and as gitleaks, secretlint and GitHub's secret scanning know them. */
export const TOKEN_FORMATS: readonly TokenFormat[] = [...PLATFORM_FORMATS, ...SERVICE_FORMATS];

/**
 * A token may follow anything but a letter or digit, and also the end of an escape: `\n`, `\x22`, `\u0022`, `%3D`, or a colour whose
 * ESC byte was lost.
 */
const START = String.raw`(?<=^|[^A-Za-z0-9]|\\(?:[nrt]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})|%[0-9A-Fa-f]{2}|\[\d{1,3}m)`;
const END = '(?![A-Za-z0-9])';

/** One rule for each format. */
export const TOKEN_RULES: readonly Rule[] = TOKEN_FORMATS.map((format) => {
  const { kind, literals, pattern, isSure, isWhole, isExact } = format;
  const expression = new RegExp(`${isExact === true ? '' : START}(?:${pattern})${isWhole === true ? END : ''}`, 'gu');
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
