import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, test } from '@jest/globals';
import {
  SECRETLINT_LEFT_OUT,
  SECRETLINT_LITERALS,
  SECRETLINT_RULES,
  shortId,
} from '../../../src/analysis/redaction/secretlint.ts';
import { armor, digits, hex, join, mixed, TOKENS, upper } from './samples.ts';

const tokens = TOKENS.map(([, , token]) => token);
/** What the rules report besides tokens. */
const OTHERS = [
  `https://ana:${mixed(12)}@git.example.com/x`,
  `https://${hex(40)}:x-oauth-basic@github.com/x/y`,
  `mongodb://app:${mixed(12)}@db.example.com/shop`,
  `mysql://app:${mixed(12)}@db.example.com/shop`,
  `postgres://app:${mixed(12)}@db.example.com/shop`,
  `//registry.example.com/:_authToken=${mixed(36)}`,
  `AWS_SECRET_ACCESS_KEY="${mixed(40)}"`,
  `aws_account_id = "${digits(12)}"`,
  join(armor('BEGIN'), '\\nMI', mixed(200), '\\n', armor('END')),
  join('cf', 'k_', mixed(40), hex(8)),
  join('A3', 'TX', upper(16)),
  join('h', 'f_', mixed(34, 'abcdefgHIJKLMN')),
  join('nt', 'n_', digits(11), mixed(35)),
  join('op', 's_', Buffer.from(JSON.stringify({ email: mixed(91) })).toString('base64')),
];

describe("secretlint's rules", () => {
  test('are all run or left out on purpose', () => {
    const ids = rules.map(({ meta }) => shortId(meta.id));

    expect([...Object.keys(SECRETLINT_LITERALS), ...SECRETLINT_LEFT_OUT].sort()).toEqual(ids.sort());
    expect(SECRETLINT_RULES).toHaveLength(ids.length - SECRETLINT_LEFT_OUT.length);
  });

  test('report nothing without one of their literals', () => {
    const unannounced = SECRETLINT_RULES.flatMap(({ literals, apply }) =>
      [...tokens, ...OTHERS]
        .filter((text) => !literals.some((literal) => text.toLowerCase().includes(literal)))
        .filter((text) => apply(text, () => '') !== text),
    );

    expect(unannounced).toEqual([]);
  });

  test('find something each', () => {
    const silent = SECRETLINT_RULES.filter(({ apply }) =>
      [...tokens, ...OTHERS].every((text) => apply(text, () => '') === text),
    );

    expect(silent.map(({ literals }) => literals)).toEqual([]);
  });

  test('cannot be turned off by a log', () => {
    const text = `// secretlint-disable\n${OTHERS[0]}`;

    expect(SECRETLINT_RULES.some(({ apply }) => apply(text, () => '') !== text)).toBe(true);
  });
});
