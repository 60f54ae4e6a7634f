import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Numbers that look random and are the same for the same seed (mulberry32). */
export function createDice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

type Dice = ReturnType<typeof createDice>;

const WORDS =
  'cart price stock order tax invoice coupon ledger parcel refund basket session catalog supplier shipment currency rounding discount'.split(
    ' ',
  );
const FOLDERS = 'src lib core api web jobs store domain adapters billing'.split(' ');
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
const ESCAPE = '\u001b';

function word(dice: Dice): string {
  return WORDS[dice(WORDS.length)] ?? '';
}

function letters(dice: Dice, count: number): string {
  return Array.from({ length: count }, () => LETTERS[dice(LETTERS.length)] ?? '').join('');
}

function hex(dice: Dice, count: number): string {
  return Array.from({ length: count }, () => dice(16).toString(16)).join('');
}

function version(dice: Dice): string {
  return `${dice(9)}.${dice(30)}.${dice(12)}`;
}

function sourceFile(dice: Dice, end: string): string {
  return `${FOLDERS[dice(FOLDERS.length)] ?? ''}/${word(dice)}/${word(dice)}-${word(dice)}.${end}`;
}

type Writer = (dice: Dice) => string;

/**
 * What a line may say, grouped by the step that says it. As in real logs, one line in three holds a word that a signature
 * looks for, one in ten is matched by one, and one in ten is coloured.
 */
const STEPS: ReadonlyArray<readonly [title: string, lines: readonly Writer[]]> = [
  [
    'npm ci',
    [
      (dice) =>
        `npm http fetch GET 200 https://registry.example.com/${word(dice)}-${word(dice)}/-/${word(dice)}-${version(dice)}.tgz ${dice(900)}ms (cache ${dice(2) === 0 ? 'hit' : 'miss'})`,
      (dice) => `npm info run ${word(dice)}-${word(dice)}@${version(dice)} postinstall node_modules/${word(dice)}`,
      (dice) =>
        `npm warn deprecated ${word(dice)}@${version(dice)}: this version is no longer kept, use ${word(dice)} instead`,
      (dice) =>
        `npm http cache ${word(dice)}@https://registry.example.com/${word(dice)}/-/${word(dice)}-${version(dice)}.tgz ${dice(90)}ms`,
      (dice) => `npm verbose reify ${sourceFile(dice, 'js')} from ${word(dice)} in ${dice(90)} ms`,
      (dice) => `added ${dice(2000)} packages, and audited ${dice(2000)} packages in ${dice(60)}s`,
    ],
  ],
  [
    'mvn -B verify',
    [
      (dice) =>
        `[INFO] Downloading from central: https://repo.example.org/maven2/org/${word(dice)}/${word(dice)}/${version(dice)}/${word(dice)}-${version(dice)}.pom`,
      (dice) =>
        `[INFO] Downloaded from central: https://repo.example.org/maven2/org/${word(dice)}/${word(dice)}/${version(dice)}/${word(dice)}-${version(dice)}.jar (${dice(900)} kB at ${dice(9)}.${dice(9)} MB/s)`,
      (dice) =>
        `[INFO] Tests run: ${dice(40)}, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: ${dice(9)}.${dice(999)} s -- in shop.${word(dice)}.CartTest`,
      (dice) => `${ESCAPE}[1m[INFO]${ESCAPE}[m Running shop.${word(dice)}.${word(dice)}Test`,
      (dice) => `	at shop.${word(dice)}.Ledger.book(Ledger.java:${dice(900)})`,
    ],
  ],
  [
    'docker build .',
    [
      (dice) =>
        `#${dice(30)} ${dice(90)}.${dice(9)} Get:${dice(300)} http://archive.example.com/ubuntu noble/main ${word(dice)} amd64 ${version(dice)} [${dice(900)} kB]`,
      (dice) => `#${dice(30)} sha256:${hex(dice, 64)} ${dice(90)}.${dice(9)}MB / 96.1MB ${dice(20)}.${dice(9)}s`,
      (dice) =>
        `#${dice(30)} ${dice(90)}.${dice(9)} Unpacking lib${word(dice)}-dev:amd64 (${version(dice)}-1ubuntu1) ...`,
      (dice) => `#${dice(30)} CACHED [build ${dice(9)}/12] COPY ${sourceFile(dice, 'json')} ./`,
    ],
  ],
  [
    'npm test',
    [
      (dice) =>
        `${ESCAPE}[0m${ESCAPE}[7m${ESCAPE}[1m${ESCAPE}[32m PASS ${ESCAPE}[39m${ESCAPE}[22m${ESCAPE}[27m${ESCAPE}[0m ${sourceFile(dice, 'test.ts')} (${dice(9)}.${dice(999)} s)`,
      (dice) => `    ✓ ${word(dice)} keeps the ${word(dice)} of a ${word(dice)} (${dice(90)} ms)`,
      (dice) => `    ✓ stores each ${word(dice)} of the ${word(dice)} once (${dice(90)} ms)`,
      (dice) => `    ✓ rounds the ${word(dice)} to cents`,
      (dice) => `    ✓ refuses a ${word(dice)} that has expired with an error (${dice(90)} ms)`,
      (dice) =>
        `  console.log ${word(dice)} ${dice(100_000)} took ${dice(900)}ms for request ${hex(dice, 8)}-${hex(dice, 4)}`,
      (dice) => `      at Object.<anonymous> (${sourceFile(dice, 'test.ts')}:${dice(300)}:${dice(80)})`,
    ],
  ],
  [
    'cmake --build build',
    [
      (dice) => `[${dice(100)}%] Building CXX object ${word(dice)}/CMakeFiles/${word(dice)}.dir/${word(dice)}.cpp.o`,
      (dice) =>
        `${sourceFile(dice, 'cpp')}:${dice(900)}:${dice(90)}: warning: unused parameter '${word(dice)}' [-Wunused-parameter]`,
      (dice) => `[${dice(100)}%] Built target ${word(dice)}_${word(dice)}`,
      (dice) => `-- Installing: /usr/local/include/${sourceFile(dice, 'h')}`,
      (dice) =>
        `/usr/bin/c++ -I/usr/include/${word(dice)} -O2 -std=gnu++20 -o ${word(dice)}.dir/${word(dice)}.o -c ${sourceFile(dice, 'cpp')}`,
      (dice) => `[${dice(100)}%] Linking CXX static library lib${word(dice)}.a`,
    ],
  ],
  [
    'python -m pytest -v',
    [
      (dice) => `tests/test_${word(dice)}.py::test_${word(dice)}_${word(dice)}[${dice(90)}] PASSED [ ${dice(100)}%]`,
      (dice) => `tests/test_${word(dice)}.py::Test${word(dice)}::test_${word(dice)} PASSED [ ${dice(100)}%]`,
      (dice) => `  Stored ${word(dice)} ${dice(9000)} of ${word(dice)} under /tmp/${hex(dice, 12)}/${word(dice)}`,
      (dice) => `tests/test_${word(dice)}.py::test_failure_of_${word(dice)} PASSED [ ${dice(100)}%]`,
      (dice) =>
        `INFO     ${word(dice)}.${word(dice)}:${word(dice)}.py:${dice(300)} ${word(dice)} ${dice(9000)} stored in ${dice(90)} ms`,
      (dice) => `Collecting ${word(dice)}==${version(dice)} (from -r requirements.txt (line ${dice(90)}))`,
    ],
  ],
  [
    './deploy.sh --dry-run',
    [
      (dice) =>
        `DEBUG ${word(dice)}: request ${hex(dice, 32)} to https://api.example.com/v1/${word(dice)}?page=${dice(90)} answered 200 in ${dice(500)} ms`,
      (dice) => `Uploading artifact ${word(dice)}-${version(dice)}.tgz: ${dice(100)} % of ${dice(900)} MB`,
      (dice) => `${'='.repeat(dice(60))}> ${word(dice)}`,
      (dice) =>
        `{"level":"info","msg":"${word(dice)} ${word(dice)}","count":${dice(9000)},"errors":0,"id":"${hex(dice, 24)}"}`,
    ],
  ],
];

/** One in so many lines holds a secret, put together here so that no scanner takes this file for a leak. */
const SECRET_EVERY = 2000;
const SECRETS: readonly Writer[] = [
  (dice) => ['x-access-token gh', 's_', letters(dice, 36)].join(''),
  (dice) => ['DB_PASS', 'WORD=', letters(dice, 16)].join(''),
  (dice) => ['remote https://ci', ':', letters(dice, 16), '@git.example.com/shop.git'].join(''),
  (dice) => ['Author: Ana <ana.', word(dice), '@shop.example>'].join(''),
];

const FAILURE = [
  `${ESCAPE}[31mFAIL${ESCAPE}[39m src/cart/cart.test.ts`,
  '  ● cart › applies the discount once',
  '    expect(received).toBe(expected)',
  '    Expected: 90',
  '    Received: 81',
  '      at Object.<anonymous> (src/cart/cart.test.ts:12:19)',
  'Tests:       1 failed, 640 passed, 641 total',
  '##[error]Process completed with exit code 1.',
  'Post job cleanup.',
  '[command]/usr/bin/git version',
  'Cleaning up orphan processes',
];

const STEP_LINES = 4000;
const BLOCK_LINES = 2000;
const START = Date.UTC(2026, 10, 20, 9, 0, 0);

/** Writes a log of a GitHub Actions job of about `bytes` bytes, the same for the same seed; the job fails at its end. */
export async function writeGithubLog(
  file: string,
  { bytes, seed, onProgress }: { bytes: number; seed: number; onProgress?: (written: number) => void },
): Promise<void> {
  await pipeline(blocks(bytes, createDice(seed), onProgress ?? (() => {})), createWriteStream(file));
}

function* blocks(bytes: number, dice: Dice, onProgress: (written: number) => void): Generator<Buffer> {
  let written = 0;
  let line = 0;
  while (written < bytes) {
    const texts: string[] = [];
    for (let count = 0; count < BLOCK_LINES; count += 1, line += 1) texts.push(...linesAt(line, dice));
    const block = Buffer.from(texts.map((text, at) => stamped(text, line + at, dice)).join(''));
    written += block.length;
    onProgress(written);
    yield block;
  }
  yield Buffer.from(FAILURE.map((text, at) => stamped(text, line + at, dice)).join(''));
}

function linesAt(line: number, dice: Dice): string[] {
  const [title, writers] = STEPS[Math.floor(line / STEP_LINES) % STEPS.length] ?? ['', []];
  if (line % STEP_LINES === 0) {
    return [
      `##[group]Run ${title}`,
      `${ESCAPE}[36;1m${title}${ESCAPE}[0m`,
      'shell: /usr/bin/bash -e {0}',
      '##[endgroup]',
    ];
  }
  const choices = dice(SECRET_EVERY) === 0 ? SECRETS : writers;
  return [(choices[dice(choices.length)] ?? (() => ''))(dice)];
}

function stamped(text: string, line: number, dice: Dice): string {
  const moment = new Date(START + line * 3).toISOString().slice(0, -1);
  return `${moment}${String(dice(10_000)).padStart(4, '0')}Z ${text}\n`;
}
