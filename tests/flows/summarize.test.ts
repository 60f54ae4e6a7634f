import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aBrokenBuild, aPassingJob, aRun } from '../support/scripts.ts';
import { CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

describeOnServers('people ask for a summary', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  const askFor = (text: string, expected: string | RegExp, channel = CHANNEL): Promise<string> =>
    askCortex(stage, { user: MEMBER, text: `summarize ${text}`.trim(), channel }, expected);

  test('of nothing: a channel without repositories is told how to name one, with them the last failure is explained', async () => {
    await askFor('', 'hears about no repository yet', OTHER_CHANNEL);
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}`, channel: OTHER_CHANNEL }, 'now hears');
    await askFor('', 'no failing run', OTHER_CHANNEL);

    await stage.github.play(aRun());
    await eventually(() => expect(stage.slack.messages(OTHER_CHANNEL)).not.toEqual([]));

    await askFor('', 'applies the discount once', OTHER_CHANNEL);
  });

  test('of a branch, and of a pull request by its number and its address', async () => {
    const number = 31;
    await stage.github.play(
      aRun({ branch: 'broken', jobs: [aBrokenBuild()], pullRequest: { number, title: 'Break' } }),
    );
    await stage.github.play(aRun({ branch: 'other' }));

    await askFor(`${REPOSITORY} broken`, 'on broken');
    await askFor(`${REPOSITORY}@other`, 'on other');
    await askFor(`${REPOSITORY}#${number}`, `PR #${number}`);
    await askFor(`${stage.github.url}/${REPOSITORY}/pull/${number}`, `PR #${number}`);
    await askFor(`${REPOSITORY} never-built`, 'on the branch never-built');
    await askFor(`${REPOSITORY}#404`, 'no pull request 404');
    await stage.github.play(aRun({ branch: 'broken', jobs: [aPassingJob()], pullRequest: { number, title: 'Mend' } }));
    await askFor(`${REPOSITORY}#${number}`, 'no failing run of the newest commit');
  });

  test('--fresh looks again, once', async () => {
    const played = await stage.github.play(aRun({ branch: 'fresh' }));
    const revisions = async (): Promise<unknown[]> =>
      (await stage.query(`select revision from summaries where run_id = ${played.runId} order by revision`)).map(
        ({ revision }) => revision,
      );
    await askFor(played.url, 'applies the discount once');
    await askFor(played.url, 'applies the discount once');
    expect(await revisions()).toEqual([0]);

    await askFor(`${played.url} --fresh`, 'applies the discount once');

    expect(await revisions()).toEqual([0, 1]);
  });

  test('--model is refused where that model has no key, and offline needs none', async () => {
    await askFor(`${REPOSITORY} --model claude`, 'ANTHROPIC_API_KEY');
    await askFor(`${REPOSITORY} --model offline`, 'no model involved');
  });

  test('--here shows the answer to all, under the name of whoever asked', async () => {
    const before = stage.slack.messages(CHANNEL).length;
    const { url } = await stage.github.play(aRun({ branch: 'here' }));

    await askFor(`${url} --here`, 'for all to see');

    const [posted, ...more] = stage.slack.messages(CHANNEL).slice(before);
    expect(more).toEqual([]);
    const words = posted === undefined ? '' : stage.slack.render(posted);
    expect(words).toContain('asked about this run');
    expect(words).toContain('applies the discount once');
  });

  test('progress is shown while it works', async () => {
    const { url } = await stage.github.play(aRun({ branch: 'progress' }));
    const before = stage.slack.calls('response_url').length;

    await askFor(url, 'applies the discount once');

    const told = stage.slack.calls('response_url').slice(before);
    const words = told.map(({ args }) => JSON.stringify(args));
    expect(words[0]).toContain('Fetching logs');
    expect(words.some((each) => each.includes('Matching history. '))).toBe(true);
    expect(told.length).toBeLessThanOrEqual(5);
    expect(told.every(({ ok }) => ok)).toBe(true);
  });

  test('a guest is told privately who may', async () => {
    await askCortex(stage, { user: GUEST, text: 'summarize' }, 'full members');
  });
});
