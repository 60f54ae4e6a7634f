import { describe, expect, test } from '@jest/globals';
import { analyze } from '../../src/analysis/analyze.ts';
import { createReasoner } from '../../src/analysis/reason.ts';
import type { RunContext } from '../../src/domain/reasoning.ts';
import { aModel, someModels } from '../support/models.ts';
import { createRedactor } from '../../src/analysis/redact.ts';
import { digestLog } from '../../src/analysis/digest.ts';
import { armor, join, mixed } from './redaction/samples.ts';
import { aChangedFile, aFailure, aHistory, aJob, aRun, bytes } from './support.ts';

// Put together at run time, so that no scanner takes this file for a leak.
const TOKEN = join('gh', 'p_', mixed(36));
/** A secret of our own: known by its value, in every form. */
const OWN = `own ${mixed(30)} "secret"`;

const hex = (secret: string): string => Buffer.from(secret).toString('hex');
const base64 = (secret: string): string => Buffer.from(secret).toString('base64');
const url = (secret: string): string =>
  Array.from(Buffer.from(secret), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const json = (secret: string): string => JSON.stringify(secret).slice(1, -1);

const FORMS: ReadonlyArray<readonly [name: string, planted: string]> = [
  ['a token as it is', TOKEN],
  ['a token in base64', base64(`user:${TOKEN}`)],
  ['a token URL-encoded', url(TOKEN)],
  ['a token in an assignment', `DEPLOY_TOKEN=${TOKEN}`],
  ['a token in colours', `${TOKEN.slice(0, 10)}\u001b[31m${TOKEN.slice(10)}`],
  ['our own as it is', OWN],
  ['our own in base64', base64(OWN)],
  ['our own URL-encoded', encodeURIComponent(OWN)],
  ['our own in hex', hex(OWN)],
  ['our own JSON-escaped', json(OWN)],
];

/** Every form of both, and any long piece of one. */
const TRACES = [TOKEN, OWN].flatMap((secret) => {
  const core = secret.slice(4, 24);
  return [
    core,
    base64(secret).slice(8, 28),
    base64(`user:${secret}`).slice(12, 28),
    url(secret).slice(12, 60),
    hex(secret).slice(8, 40),
    json(core),
  ];
});

async function ask(planted: string, place: keyof typeof PLACES): Promise<string> {
  const scene: Scene = PLACES[place](planted);
  const redaction = { salt: 'salt', secrets: [OWN] };
  const model = aModel({}, (_request, _signal, call) => (call === 1 ? { evidence: [] } : {}));
  const source = bytes(
    `${scene.log ?? ''}Error: boom in test/cart.test.js\n##[error]Process completed with exit code 1.\n`,
  );
  const one = await digestLog(source, { job: aJob(), redactor: createRedactor(redaction) });
  const { diagnosis } = await analyze(
    {
      reason: createReasoner({
        models: someModels({ small: [model] }),
        calls: null,
        clock: { now: () => new Date(0) },
      }),
      random: () => 'a mark that nobody guesses',
      redaction,
      history: () => Promise.resolve(scene.history ?? aHistory()),
    },
    {
      run: aRun(scene.run),
      totalJobs: 1,
      digests: [one],
      signal: new AbortController().signal,
      context: { commitMessage: null, changedFiles: [], instructions: null, ...scene.context },
      wants: scene.note === undefined ? {} : { note: scene.note },
    },
  );
  expect(model.requests).toHaveLength(2);
  return JSON.stringify([model.requests, diagnosis]);
}

interface Scene {
  log?: string;
  run?: Parameters<typeof aRun>[0];
  context?: Partial<RunContext>;
  history?: ReturnType<typeof aHistory>;
  note?: string;
}

const PLACES = {
  log: (planted) => ({ log: `Error: cannot use ${planted} here\n` }),
  'commit message': (planted) => ({ context: { commitMessage: `Use the token\n\nIt is ${planted} for now.` } }),
  diff: (planted) => ({
    context: {
      changedFiles: [
        aChangedFile({ path: 'test/cart.test.js', patch: `@@ -1,2 +1,2 @@\n ok\n+const a = ${planted}\n-x` }),
      ],
    },
  }),
  'path of a changed file': (planted) => ({ context: { changedFiles: [aChangedFile({ path: `keys/${planted}` })] } }),
  instructions: (planted) => ({ context: { instructions: `# Hints\nLog in with ${planted} to see.` } }),
  title: (planted) => ({ run: { title: `Use ${planted}`, branch: `fix/${planted}`, workflow: `CI ${planted}` } }),
  history: (planted) => ({
    history: aHistory({
      lastResolved: aFailure({
        branch: planted,
        resolution: { ...aFailure().last, kind: 'fixed', title: `Remove ${planted}`, actor: planted, url: 'https://x' },
      }),
    }),
  }),
  note: (planted) => ({ note: `Does ${planted} still work?` }),
} as const satisfies Record<string, (planted: string) => Scene>;

describe.each(FORMS)('%s reaches no model', (_, planted) => {
  test.each(Object.keys(PLACES).map((place) => [place]))('in the %s', async (place) => {
    const told = await ask(planted, place as keyof typeof PLACES);

    expect(told).toContain('redacted:');
    for (const trace of TRACES) expect(told).not.toContain(trace);
  });
});

test('a private key over lines of a diff reaches no model', async () => {
  const body = mixed(64 * 8 + 20).match(/.{1,64}/gu) ?? [];
  const key = [armor('BEGIN'), ...body, armor('END')].map((line) => `+${line}`).join('\n');
  const withoutBeginning = key.split('\n').slice(3).join('\n');
  const withoutEnd = key.split('\n').slice(0, -2).join('\n');

  for (const shown of [key, withoutBeginning, withoutEnd]) {
    const told = await ask(`1\n${shown}\n+const after = { key };`, 'diff');
    for (const line of body) expect(told).not.toContain(line.slice(0, 20));
    expect(told).toContain('+const after');
  }
});
