import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { evaluate } from '../../src/cli/evaluate.ts';
import { exportFeedback, type ExportFeedbackOptions } from '../../src/cli/export-feedback.ts';
import { SummaryId, UserId, WorkspaceId } from '../../src/domain/ids.ts';
import type { Opinion } from '../../src/domain/reasoning.ts';
import type { Summary } from '../../src/domain/diagnosis.ts';
import { memoryReasoningStores } from '../support/memory-reasoning-stores.ts';
import { aDiagnosis, aLine, aSummary, minutesLater } from '../support/report-builders.ts';
import { collector } from './support.ts';

const repository = path.resolve(import.meta.dirname, '..', '..');
const workspaceId = WorkspaceId.parse('T0ACME');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cortex-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A store in which summaries were judged, each by as many people as there are opinions. */
async function someJudged(...opinions: ReadonlyArray<ReadonlyArray<Opinion | [Opinion, string]>>) {
  const summaries: Summary[] = opinions.map((_, index) =>
    aSummary({ id: SummaryId.parse(randomUUID()), createdAt: minutesLater(index) }),
  );
  const { feedback } = memoryReasoningStores({
    clock: { now: () => new Date() },
    summaries: (asking) => (asking === workspaceId ? summaries : []),
  });
  for (const [index, words] of opinions.entries()) {
    const summaryId = summaries[index]?.id ?? SummaryId.parse(randomUUID());
    for (const [person, word] of words.entries()) {
      const [opinion, reason] = typeof word === 'string' ? [word, null] : word;
      await feedback.give(workspaceId, { summaryId, userId: UserId.parse(`U0P${person}`), opinion, reason });
    }
  }
  return { summaries, feedback };
}

async function run(change: Partial<ExportFeedbackOptions>) {
  const stdout = collector();
  const stderr = collector();
  const { feedback } = await someJudged();
  const code = await exportFeedback({
    feedback,
    workspaceId,
    out: folder,
    repository,
    salt: 'test',
    stdout,
    stderr,
    signal: new AbortController().signal,
    ...change,
  });
  return { code, out: stdout.text(), err: stderr.text() };
}

async function records(): Promise<Array<Record<string, unknown>>> {
  const text = await readFile(path.join(folder, 'feedback', 'data.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
}

describe('the export of judged summaries', () => {
  test('is a record each, with the excerpt as its log, and no names of people', async () => {
    const { feedback, summaries } = await someJudged(
      ['up', 'up', 'down'],
      [['down', 'It was the proxy']],
      ['up', 'down'],
    );
    const { code, out } = await run({ feedback });
    expect(code).toBe(0);
    expect(out).toContain('3 judged summaries written to');
    const [first, second, third] = await records();
    const [summary] = summaries;
    expect(first).toMatchObject({
      id: `feedback/${summary?.id}`,
      log_path: `feedback/logs/${summary?.id}.log.gz`,
      ci: 'github-actions',
      kind: 'chunk',
      expected_lines: summary?.diagnosis.evidence.map(({ text }) => text),
      category: 'test',
      project: 'acme/web',
      opinion: 'up',
      votes: { up: 2, down: 1 },
      reasons: [],
      verdict: 'new',
      answer: { headline: summary?.diagnosis.headline, provider: 'offline', model: null },
    });
    expect(second).toMatchObject({
      kind: 'judged',
      expected_lines: [],
      opinion: 'down',
      reasons: ['It was the proxy'],
    });
    expect(third).toMatchObject({ kind: 'judged', opinion: 'split' });
    const log = await readFile(path.join(folder, 'feedback', 'logs', `${summary?.id}.log.gz`));
    expect(gunzipSync(log).toString()).toBe(
      '● price › rounds half to even\nexpect(received).toBe(expected)\nExpected: 2.34\nReceived: 2.35\n',
    );
    expect(JSON.stringify(await records())).not.toContain('U0P');
  });

  test('is read by the evaluation', async () => {
    const { feedback } = await someJudged(['up'], ['down']);
    await run({ feedback });
    const stdout = collector();
    const code = await evaluate({
      data: folder,
      out: path.join(folder, 'measured'),
      view: 'excerpt',
      maxLines: null,
      repository,
      stdout,
      stderr: collector(),
      signal: new AbortController().signal,
    });
    expect(code).toBe(0);
    expect(stdout.text()).toContain('feedback');
    expect(await readdir(path.join(folder, 'measured', 'feedback'))).toHaveLength(2);
  });

  test('takes secrets out of what people wrote', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const { feedback } = await someJudged([['down', `The token ${secret} was old`]]);
    await run({ feedback });
    expect(JSON.stringify(await records())).not.toContain(secret);
  });

  test('goes through every page', async () => {
    const { feedback } = await someJudged(...Array.from({ length: 205 }, () => ['up' as const]));
    expect((await run({ feedback })).out).toContain('205 judged summaries');
    expect(await records()).toHaveLength(205);
  });

  test('leaves out what another version stored and this one cannot read, and says so', async () => {
    const { feedback, summaries } = await someJudged(['up'], ['up']);
    Object.assign(summaries[0] ?? {}, { diagnosis: { headline: 'Not much' } });
    const { out } = await run({ feedback });
    expect(out).toContain('1 summary of another version could not be read.\n1 judged summary written');
    expect(await records()).toHaveLength(1);
  });

  test('reads what earlier versions stored, which did not know costs', async () => {
    const { feedback, summaries } = await someJudged(['up']);
    const { provider, model, promptVersion, inputTokens, outputTokens, latencyMs, fallbackReason } =
      aDiagnosis().authorship;
    const authorship = { provider, model, promptVersion, inputTokens, outputTokens, latencyMs, fallbackReason };
    Object.assign(summaries[0]?.diagnosis ?? {}, { authorship });
    expect((await run({ feedback })).out).toContain('1 judged summary written');
  });

  test('writes nothing where nobody judged', async () => {
    const { code, out } = await run({});
    expect(code).toBe(0);
    expect(out).toContain('Nobody in T0ACME judged a summary yet');
    expect(await readdir(folder)).toEqual([]);
  });

  test('overwrites nothing', async () => {
    const { feedback } = await someJudged(['up']);
    await mkdir(path.join(folder, 'feedback'));
    await writeFile(path.join(folder, 'feedback', 'data.jsonl'), 'mine');
    const { code, err } = await run({ feedback });
    expect(code).toBe(2);
    expect(err).toContain('is there already, and nothing is overwritten');
    expect(await readFile(path.join(folder, 'feedback', 'data.jsonl'), 'utf8')).toBe('mine');
  });

  test('refuses the checkout, also behind a link, and a folder that cannot be one', async () => {
    const link = path.join(folder, 'link');
    await symlink(repository, link);
    const file = path.join(folder, 'file');
    await writeFile(file, '');
    expect((await run({ out: path.join(repository, 'new') })).err).toContain('lies within the repository');
    expect((await run({ out: path.join(link, 'new') })).err).toContain('lies within the repository');
    expect(await run({ out: path.join(file, 'new') })).toMatchObject({
      code: 2,
      err: expect.stringContaining('ENOTDIR'),
    });
  });

  test('that is interrupted leaves nothing behind', async () => {
    const { feedback } = await someJudged(['up'], ['up']);
    const interrupted = new AbortController();
    const judged: typeof feedback.judged = async (...asked) => {
      const page = await feedback.judged(...asked);
      interrupted.abort(new Error('Interrupted'));
      return page;
    };
    await expect(run({ feedback: { judged }, signal: interrupted.signal })).rejects.toThrow('Interrupted');
    expect(await readdir(folder)).toEqual([]);
  });

  test('shows how far it is, on a terminal', async () => {
    const { feedback } = await someJudged(['up']);
    const stderr = collector(true);
    await run({ feedback, stderr });
    expect(stderr.text()).toContain('summaries written');
  });

  test('holds long lines as they are', async () => {
    const { feedback, summaries } = await someJudged(['up']);
    summaries[0]?.diagnosis.excerpt.push(aLine({ text: 'é'.repeat(2_000) }));
    await run({ feedback });
    const [name = ''] = await readdir(path.join(folder, 'feedback', 'logs'));
    expect(gunzipSync(await readFile(path.join(folder, 'feedback', 'logs', name))).toString()).toContain(
      'é'.repeat(2_000),
    );
  });
});
