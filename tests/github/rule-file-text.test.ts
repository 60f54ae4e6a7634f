import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RepositoryName } from '../../src/domain/ids.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { readRuleFile } from '../../src/github/rule-file-text.ts';
import { fileProblemWords } from '../../src/messages/rule-file-problem.ts';

const web = RepositoryName.parse('acme/web');
const HEAD = 'version: 1\nchannels:\n';
const withRules = (...lines: string[]) =>
  `${HEAD}  - channel: builds\n    rules:\n${lines.map((line) => `      - ${line}\n`).join('')}`;

/** A file, the channels that it names, and their rules. */
const FILES: ReadonlyArray<readonly [string, Record<string, string[]>]> = [
  ['version: 1\nchannels: []', {}],
  [`${HEAD}  - channel: builds\n`, { builds: ['acme/web'] }],
  [`${HEAD}  - channel: "#Builds"\n    rules: []\n`, { builds: [] }],
  [`${HEAD}  - channel: C0BUILDS\n    rules: [""]\n`, { c0builds: ['acme/web'] }],
  [
    withRules('on:failure branch:main', '-actor:*[bot]'),
    { builds: ['acme/web on:failure branch:main', 'acme/web -actor:*[bot]'] },
  ],
  [withRules('workflow:"Deploy to production"'), { builds: ['acme/web workflow:"Deploy to production"'] }],
  [withRules('\'label:"needs review"\''), { builds: ['acme/web label:"needs review"'] }],
  [withRules('digest:daily@09:00'), { builds: ['acme/web digest:daily@09:00@UTC'] }],
  [withRules('quiet:22:00-07:00@Europe/Berlin # at night'), { builds: ['acme/web quiet:22:00-07:00@Europe/Berlin'] }],
  [
    `${HEAD}  - channel: a\n  - channel: b\n    rules: ["path:web/**"]\n`,
    { a: ['acme/web'], b: ['acme/web path:web/**'] },
  ],
  ['{"version": 1, "channels": [{"channel": "a", "rules": ["on:always"]}]}', { a: ['acme/web on:always'] }],
  ['version: 1\r\nchannels:\r\n  - channel: a\r\n', { a: ['acme/web'] }],
];

/** A file, the part that is marked, and what is said. */
const PROBLEMS: ReadonlyArray<readonly [string, string, string]> = [
  [withRules('brnch:main'), 'brnch', 'Line 5, column 9: I do not know the condition "brnch:". Did you mean branch:?'],
  [withRules('"on:failure brnch:main"'), 'brnch', 'Line 5, column 21: I do not know the condition "brnch:".'],
  [withRules('on:failure', 'on:sunday'), 'sunday', 'Line 6, column 12: "sunday" is no value of on:.'],
  [
    withRules('>\n        on:failure\n        brnch:main'),
    '>',
    'Line 5, column 9: I do not know the condition "brnch:".',
  ],
  [
    withRules('acme/web branch:main'),
    'acme/web',
    'Line 5, column 9: Every rule of this file is about this repository. Leave acme/web out.',
  ],
  [
    withRules('topic:payments'),
    'topic:payments',
    'Line 5, column 9: Every rule of this file is about this repository. Leave topic:payments out.',
  ],
  [withRules('as-code'), 'as-code', 'Line 5, column 9: Nothing else stands beside as-code'],
  [
    withRules('on: failure'),
    'on: failure',
    'Line 5, column 9: This cannot stand here. Below "rules:" stands a list of rules, each a text without a blank behind its colon',
  ],
  [withRules('123'), '123', 'Line 5, column 9: This cannot stand here. Below "rules:"'],
  [
    `${HEAD}  - channel: builds\n    rules: on:failure\n`,
    'on:failure',
    'Line 4, column 12: This cannot stand here. Below "rules:" stands a list',
  ],
  [
    `${HEAD}  - channel: #builds\n`,
    '#',
    'Line 3, column 14: This cannot stand here. A channel is its name without the #',
  ],
  [`${HEAD}  - channel: "two words"\n`, '"two words"', 'Line 3, column 14: This cannot stand here. A channel is'],
  [`${HEAD}  - channel: <!channel>\n`, '<!channel>', 'Line 3, column 14: This cannot stand here.'],
  [
    `${HEAD}  - chanel: builds\n`,
    'chanel',
    'Line 3, column 5: I do not know "chanel:" here. Did you mean channel:? There can be: channel:, rules:.',
  ],
  [`${HEAD}  - rules: []\n`, 'rules: []', 'Line 3, column 5: channel: is missing here. A channel is its name'],
  [
    `${HEAD}  - channel: a\n  - channel: "#A"\n`,
    '"#A"',
    'Line 4, column 14: The channel #A is there twice. Put all of its rules in one place.',
  ],
  ['version: 2\nchannels: []', '2', 'Line 1, column 10: This cannot stand here. The file begins with "version: 1".'],
  ['channels: []', 'channels: []', 'Line 1, column 1: version: is missing here. The file begins with "version: 1".'],
  ['version: 1\nchanels: []', 'chanels', 'Line 2, column 1: I do not know "chanels:" here. Did you mean channels:?'],
  ['', '', 'Line 1, column 1: The file begins with "version: 1"'],
  [
    '- a',
    '- a',
    'Line 1, column 1: This cannot stand here. The file begins with "version: 1", and below it stands "channels:".',
  ],
  ['version: 1\nversion: 1', 'v', 'Line 2, column 1: This is there twice. Put everything in one place.'],
  ['version: 1\nchannels: []\n---\nversion: 1', 'version: 1', 'Line 4, column 1: This is there twice.'],
  [
    'version: 1\n\tchannels: []',
    '\t',
    'Line 2, column 1: This is not YAML: lines are indented with blanks, not with tabs.',
  ],
  ['version: "1', '', 'Line 1, column 12: This is not YAML: a quote or bracket is not closed.'],
  ['version: 1: 2', '1', 'Line 1, column 10: This is not YAML. A text with ": " or " #" in it'],
  [
    `${HEAD}  - &one\n    channel: a\n  - *one\n`,
    'channel: a',
    'Line 4, column 5: Anchors and aliases (& and *) are not read here. Write the value out.',
  ],
  ['a: &x 1\nb: *x', '1', 'Line 1, column 7: Anchors and aliases (& and *) are not read here. Write the value out.'],
  ['['.repeat(30), '[', 'Line 1, column 10: This is nested deeper than anything in .github/cortex.yml is.'],
];

describe('a file of rules', () => {
  test.each(FILES)('%j is read', (text, expected) => {
    const outcome = readRuleFile(text, web);

    if ('problem' in outcome) throw new Error(fileProblemWords(outcome.problem));
    const read = Object.fromEntries(outcome.channels.map(({ channel, rules }) => [channel, rules.map(printRule)]));
    expect(read).toEqual(expected);
  });

  test.each(PROBLEMS)('%j is refused, with a mark under %j', (text, marked, words) => {
    const { problem } = refused(text);

    expect(fileProblemWords(problem)).toContain(words);
    if (problem.kind === 'too-large') throw new Error('It is not');
    expect(problem.source.slice(problem.at.start, problem.at.end)).toBe(marked);
  });

  test('has at most fifty channels, and fifty rules for each', () => {
    const channels = Array.from({ length: 51 }, (_, index) => `  - channel: c${index}\n`).join('');
    const rules = Array.from({ length: 51 }, (_, index) => `branch:b${index}`);

    expect(fileProblemWords(refused(`${HEAD}${channels}`).problem)).toBe(
      'Line 3, column 3: channels: has at most 50 entries.',
    );
    expect(fileProblemWords(refused(withRules(...rules)).problem)).toBe(
      'Line 5, column 7: rules: has at most 50 entries.',
    );
  });

  test.each(['[', '{a: ', '- ', 'a: ', '? ', '&a ', '!a ', ']', ',', '-\n', '%x\n', '---\n', '"\\\n', '*a '])(
    'made of %j alone ends nothing but its own reading',
    (part) => {
      const text = part.repeat(Math.floor(65_000 / part.length));

      expect('problem' in readRuleFile(text, web)).toBe(true);
    },
  );

  test('is read or refused with a place in it, whatever it is made of', () => {
    const part = fc.constantFrom(
      'version',
      'channels',
      'channel',
      'rules',
      ': ',
      ':',
      '- ',
      '\n',
      '\n  ',
      '\n    ',
      '1',
      'builds',
      '"',
      "'",
      '#',
      ' #',
      '&a',
      '*a',
      '!',
      '|',
      '>',
      '[',
      ']',
      '{',
      '}',
      ',',
      'on:failure',
      'branch:main',
      'acme/web',
      '\t',
      '\r\n',
      '\u2028',
      '🚀',
      '?',
      '---',
      '<<: ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const outcome = readRuleFile(text, web);
        if (!('problem' in outcome) || outcome.problem.kind === 'too-large') return;
        const { line, column, at, source } = outcome.problem;
        expect(line).toBeLessThanOrEqual(text.split('\n').length + 1);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(at.start).toBeLessThanOrEqual(source.length);
        expect(fileProblemWords(outcome.problem)).not.toBe('');
      }),
      { numRuns: 1_000, seed: 20_261_128 },
    );
  });
});

function refused(text: string) {
  const outcome = readRuleFile(text, web);
  if (!('problem' in outcome)) throw new Error('It was read');
  return outcome;
}
