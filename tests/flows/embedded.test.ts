import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { anEnvironment } from '../support/environment.ts';
import { eventually } from '../support/eventually.ts';
import { aPassingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, MEMBER, REPOSITORY, runCortex, setStage, type Stage } from '../support/stage.ts';

jest.setTimeout(120_000);

describe('without DATABASE_URL and REDIS_URL', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await setStage(null);
  });

  afterEach(() => stage.close());

  const about = (branch: string) =>
    stage.slack.messages(CHANNEL).filter((message) => stage.slack.render(message).includes(branch));

  async function subscribe(): Promise<void> {
    await stage.slack.command({ user: MEMBER, channel: CHANNEL, text: `subscribe ${REPOSITORY}` });
    await eventually(() => expect(stage.slack.ephemerals(MEMBER).at(-1)?.text).toContain('now hears'));
  }

  test('one process does everything, and says in one line what it uses', async () => {
    const product = await stage.start('all');
    await stage.open(product);
    await subscribe();

    await stage.github.play(aRun({ branch: 'embedded' }));
    await eventually(() => expect(about('embedded').map(({ replyCount }) => replyCount)).toEqual([2]));
    await stage.github.play(aRun({ branch: 'embedded', title: 'Mend the cart', jobs: [aPassingJob()] }));
    await eventually(() => expect(about('embedded')[0]?.text).toContain('Fixed by Mend the cart'));

    const starting = product.records.find(({ message }) => message === 'Starting');
    expect(starting).toMatchObject({ database: expect.stringContaining('PGlite'), queue: expect.any(String) });
    expect(await product.end('SIGTERM')).toBe(0);
    expect(product.records.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('kill -9 of it loses nothing: what was accepted and what was known is there again', async () => {
    const first = await stage.start('all');
    await stage.open(first);
    await subscribe();
    stage.github.faults.add({ kind: 'delay', delayMs: 8000, path: /\/actions\/jobs\/\d+\/logs$/u });
    const { deliveries } = await stage.github.play(aRun({ branch: 'killed' }));
    await eventually(() =>
      expect(stage.github.journal.map(({ path: asked }) => asked).join()).toMatch(/attempts\/1\/jobs/u),
    );
    expect(new Set(deliveries.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));

    await first.end('SIGKILL');
    const second = await stage.start('all');
    stage.slack.setAppUrl(second.url);

    await eventually(() => expect(about('killed').map(({ replyCount }) => replyCount)).toEqual([2]), 40_000);
  });

  test('a second process on the same folder is refused with a sentence that says what to do', async () => {
    await stage.start('all');

    const second = await runCortex(['all'], { environment: stage.environment });

    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/another process|in use|is used/iu);
    expect(second.stderr).toMatch(/error id/u);
  });

  test.each(['web', 'worker'])('"cortex %s" is refused: its work is shared with other processes', async (role) => {
    const { code, stderr } = await runCortex([role], { environment: stage.environment });

    expect(code).toBe(2);
    expect(stderr).toContain('set DATABASE_URL and REDIS_URL');
  });
});

describe('the command line', () => {
  test('production refuses the embedded ones, and names every variable that is wrong, without a value', async () => {
    const { code, stderr } = await runCortex(['all'], {
      environment: anEnvironment({ NODE_ENV: 'production', PORT: 'many', SLACK_CLIENT_ID: undefined }),
    });

    expect(code).toBe(2);
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'PORT', 'SLACK_CLIENT_ID']) expect(stderr).toContain(`  ${name} `);
    expect(stderr).not.toContain('many');
  });

  test('migrate makes the schema, and again does nothing', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cortex-migrate-'));
    try {
      const environment = { DATA_DIR: path.join(folder, 'data') };
      expect((await runCortex(['migrate'], { environment })).code).toBe(0);
      expect((await runCortex(['migrate'], { environment })).code).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('an unknown verb and a wrong option exit 2 with a hint', async () => {
    const verb = await runCortex(['sumarize']);
    const option = await runCortex(['summarize', '--lgo', 'x']);

    expect([verb.code, option.code]).toEqual([2, 2]);
    expect(verb.stderr + option.stderr).toContain('cortex --help');
  });
});
