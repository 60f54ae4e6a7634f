import { expect, test } from '@jest/globals';
import { cleanText } from '../../src/analysis/clean.ts';
import { withoutLead } from '../../src/analysis/lead.ts';
import { digest } from './support.ts';

const CAUSE = 'src/pay.ts(3,48): error TS2339: Property reason does not exist on type Refund.';
const LEADS = [
  '[2024-05-01T10:00:00.000Z] ',
  '10:00:00 ',
  'May  1 10:00:00 runner7 build[412]: ',
  'web_1  | ',
  'web-12 | ',
];

test.each(LEADS)('a line is known behind "%s", and shown with it', async (lead) => {
  const { evidence, facts } = await digest(`${lead}compiling\n${lead}${CAUSE}\n${lead}done\n`);

  expect(evidence.map(({ text }) => text)).toContain(`${lead}${CAUSE}`);
  expect(facts.problems).toMatchObject([{ file: 'src/pay.ts', line: 3 }]);
});

test('a line is found behind the branch of a parallel build', async () => {
  const { evidence } = await digest('[linux] compiling\n[mac] E   AssertionError: assert 2 == 3\n[linux] done\n');

  expect(evidence.map(({ text }) => text)).toContain('[mac] E   AssertionError: assert 2 == 3');
});

test.each(['[ERROR] it broke', '[  FAILED  ] Cart.Total', 'a | b', '10:00 at noon', 'May 1st: it broke'])(
  'what only looks like it stays: %s',
  (text) => {
    expect(withoutLead(text)).toBe(text);
  },
);

test('a bracket that only begins like a colour code stays', () => {
  expect(cleanText('[maven] [Kotlin] [mac os] [31mred [mplain').text).toBe('[maven] [Kotlin] [mac os] red plain');
});
