import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { subscribeSeen } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aFailingJob, aPassingJob, aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY, WORKSPACE } from '../support/stage.ts';

describeOnServers('people ask', (openStage) => {
  let stage: ServerStage;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  /** Types a command and resolves with the private answer to it, once it says what is expected. */
  async function ask(user: string, text: string, expected: string | RegExp, channel = CHANNEL): Promise<string> {
    const earlier = stage.slack.ephemerals(user).length;
    const ack = await stage.slack.command({ user, channel, text });
    expect(ack.status).toBe(200);
    expect(ack.ackMs).toBeLessThan(3000);
    return eventually(() => {
      const [answer] = stage.slack.ephemerals(user).slice(earlier);
      const words = answer === undefined ? '' : stage.slack.render(answer);
      if (typeof expected === 'string') expect(words).toContain(expected);
      else expect(words).toMatch(expected);
      return words;
    });
  }

  /** Asks until the answer is as expected: Slack tells of a changed person by an event, which nobody waits for. */
  async function askUntil(user: string, text: string, expected: RegExp): Promise<void> {
    await eventually(async () => expect(await ask(user, text, /./u)).toMatch(expected));
  }

  test('/cortex help shows every command with examples', async () => {
    const answer = await ask(GUEST, 'help', 'For more on one command');

    for (const command of ['summarize', 'subscribe', 'unsubscribe', 'subscriptions', 'help']) {
      expect(answer).toContain(`/cortex ${command}`);
    }
    await ask(GUEST, 'help subscribe', 'subscribe acme/web');
  });

  test('a typo is answered with the command that was meant', async () => {
    await ask(MEMBER, 'subscirbe acme/web', /subscribe/u);
  });

  test('subscribe, subscriptions and unsubscribe tell what happened', async () => {
    await ask(MEMBER, 'subscriptions', 'no repository yet', OTHER_CHANNEL);
    await ask(MEMBER, `subscribe ${REPOSITORY}`, 'This channel now hears', OTHER_CHANNEL);
    await ask(MEMBER, `subscribe ${REPOSITORY.toUpperCase()}`, 'already hears', OTHER_CHANNEL);
    await ask(GUEST, 'subscriptions', REPOSITORY, OTHER_CHANNEL);
    await ask(MEMBER, `unsubscribe ${REPOSITORY}`, 'does not hear about', OTHER_CHANNEL);
    await ask(MEMBER, `unsubscribe ${REPOSITORY}`, 'did not hear about', OTHER_CHANNEL);
  });

  test('a guest may not subscribe, and is told privately which role may', async () => {
    const before = stage.slack.messages(CHANNEL).length;

    await ask(GUEST, `subscribe ${REPOSITORY}`, 'member');

    expect(stage.slack.messages(CHANNEL)).toHaveLength(before);
    await ask(MEMBER, 'subscriptions', 'no repository yet');
  });

  test('a role that Slack takes away counts at the next click', async () => {
    await ask(MEMBER, `unsubscribe ${REPOSITORY}`, 'did not hear about');
    await stage.slack.setMember(MEMBER, { isRestricted: true });

    await askUntil(MEMBER, `unsubscribe ${REPOSITORY}`, /guest|member/u);
    await stage.slack.setMember(MEMBER, { isRestricted: false });

    await askUntil(MEMBER, `unsubscribe ${REPOSITORY}`, /did not hear about/u);
  });

  test('a repository of somebody else looks exactly like one that does not exist', async () => {
    stage.github.addInstallation(99_001, 'rival');
    stage.github.addRepository('rival/secret', { installationId: 99_001 });

    const foreign = await ask(MEMBER, 'subscribe rival/secret', 'rival/secret');
    const missing = await ask(MEMBER, 'subscribe rival/nothing', 'rival/nothing');

    expect(foreign.replaceAll('rival/secret', 'X')).toBe(missing.replaceAll('rival/nothing', 'X'));
    expect(foreign).toContain('I cannot see');
  });

  test.each([
    ['subscribe not-a-repository', /owner\/repo/u],
    ['subscribe https://evil.example/acme/web', /./u],
    ['summarize', /repository|run/u],
    ['subscriptions now', /nothing else/u],
  ])('/cortex %s is answered with what to type', async (text, expected) => {
    await ask(MEMBER, text, expected);
  });

  test('summarize explains the last failing run of a repository that nobody subscribes', async () => {
    stage.github.addRepository('acme/asked');
    await ask(MEMBER, 'summarize acme/asked', 'acme/asked');
    await eventually(() => expect(lastAnswer(MEMBER)).toMatch(/no failing run|No failing run|has not failed/iu));

    await stage.github.play(aRun({ repository: 'acme/asked' }));
    await ask(MEMBER, 'summarize acme/asked', 'applies the discount once');
    expect(lastAnswer(MEMBER)).toContain('New failure');
    expect(stage.slack.messages(CHANNEL).filter((message) => message.text.includes('acme/asked'))).toEqual([]);
  });

  test('summarize explains a run by its address, and says so when that run did not fail', async () => {
    const failing = await stage.github.play(aRun({ branch: 'by-address' }));
    const passing = await stage.github.play(aRun({ branch: 'by-address', jobs: [aPassingJob()] }));

    await ask(MEMBER, `summarize ${failing.url}`, 'applies the discount once');
    await ask(MEMBER, `summarize ${passing.url}`, /Nothing failed/u);
  });

  const lastAnswer = (user: string): string => {
    const answer = stage.slack.ephemerals(user).at(-1);
    return answer === undefined ? '' : stage.slack.render(answer);
  };

  test('the App Home shows the repositories and the latest summaries', async () => {
    await subscribeSeen(stage, { user: MEMBER, text: `subscribe ${REPOSITORY}` });
    await stage.github.play(aRun({ title: 'Home run', jobs: [aFailingJob()] }));
    await eventually(() =>
      expect(
        stage.slack
          .messages(CHANNEL)
          .map(({ text }) => text)
          .join(),
      ).toContain('applies the discount'),
    );

    await stage.slack.openHome(MEMBER);

    await eventually(() => {
      const home = stage.slack.home(MEMBER);
      const words = home === null ? '' : stage.slack.render(home);
      expect(words).toContain(REPOSITORY);
      expect(words).toContain('applies the discount once');
    });
  });

  test('the same signed request again has no second effect', async () => {
    await stage.slack.openHome(ADMIN);
    const published = (): number => stage.slack.calls('views.publish').length;
    await eventually(() => expect(stage.slack.home(ADMIN)).not.toBeNull());
    const before = published();
    const opened = stage.slack.outgoing('event').findLast(({ subject }) => subject === 'app_home_opened');

    const ack = await stage.slack.redeliver(opened?.eventId ?? '');

    expect(ack.status).toBe(200);
    await ask(ADMIN, 'help', 'For more on one command');
    expect(published()).toBe(before);
  });

  test('an uninstall deletes the tokens; a new install brings the app back', async () => {
    await stage.slack.revoke(WORKSPACE);
    await stage.slack.install(WORKSPACE);

    await ask(ADMIN, 'subscriptions', /hears about/u);
  });
});
