import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { StoredMessage } from '../../src/sandbox/slack/local-slack.ts';
import { askCortex } from '../support/asking.ts';
import { eventually } from '../support/eventually.ts';
import { describeOnServers, type ServerStage } from '../support/flow.ts';
import { aRun } from '../support/scripts.ts';
import { ADMIN, CHANNEL, GUEST, MEMBER, OTHER_CHANNEL, REPOSITORY } from '../support/stage.ts';

describeOnServers('whom a message mentions', (openStage) => {
  let stage: ServerStage;
  let branch = 'main';
  let branches = 0;

  beforeAll(async () => {
    stage = await openStage(['web', 'worker']);
    // Before the first failure: what a repository says in it is remembered for some minutes.
    stage.github.setFile(REPOSITORY, {
      path: '.github/CODEOWNERS',
      text: [
        '* @nobody-here',
        '/services/cart/ @octo-ben @acme/payments ada@acme.example gone@acme.example',
        '*.md @acme/writers',
      ].join('\n'),
    });
    await askCortex(stage, { user: MEMBER, text: `subscribe ${REPOSITORY} branch:plain-*` }, 'now hears');
  });

  afterAll(async () => {
    expect(stage.slack.violations()).toEqual([]);
    await stage.close();
  });

  beforeEach(() => {
    branches += 1;
    branch = `plain-${branches}`;
    stage.slack.faults.clear();
  });

  const about = (channel: string): StoredMessage[] =>
    stage.slack.messages(channel).filter((message) => stage.slack.render(message).includes(branch));
  /** The message about this test's branch, as it was first posted. */
  async function posted(channel = CHANNEL): Promise<string> {
    return await eventually(() => {
      const calls = stage.slack.calls('chat.postMessage').filter(({ args }) => args['channel'] === channel);
      const [first] = calls
        .map(({ args }) => JSON.stringify(args['blocks']))
        .filter((blocks) => blocks.includes(branch));
      if (first === undefined) throw new Error(`Nothing was posted about ${branch}`);
      return first;
    });
  }
  const mentioned = (blocks: string): string[] =>
    [...blocks.matchAll(/"(?:user_id|usergroup_id)":"(\w+)"/gu)].map(([, id = '']) => id);
  const lookups = (): number => stage.slack.calls('users.lookupByEmail').length;

  test('the author, where GitHub and Slack have both confirmed one address, and nobody is asked twice', async () => {
    stage.github.setAccount('octo-ben', { email: 'ben@acme.example' });
    const before = lookups();

    await stage.github.play(aRun({ branch, actor: 'octo-ben' }));
    expect(mentioned(await posted())).toEqual([MEMBER]);
    await eventually(() => expect(stage.slack.render(about(CHANNEL)[0] ?? none())).toContain('by @ben on'));
    branch = 'plain-again';
    await stage.github.play(aRun({ branch, actor: 'octo-ben' }));
    expect(mentioned(await posted())).toEqual([MEMBER]);

    expect(lookups()).toBe(before + 1);
    const whoami = await askCortex(stage, { user: MEMBER, text: 'whoami' }, 'On GitHub you are');
    expect(whoami).toMatch(/octo-ben {2}found by an address/u);
  });

  test.each([
    ['whose name is that of a person', 'ben', null],
    ['whose address is that of a guest', 'octo-gia', 'gia@guest.example'],
    ['that is an app', 'ada[bot]', 'ada@acme.example'],
    ['whose address nobody has here', 'octo-zoe', 'zoe@elsewhere.example'],
  ])('not an account %s', async (_name, actor, email) => {
    stage.github.setAccount(actor, { email });
    await stage.github.play(aRun({ branch, actor }));
    const blocks = await posted();
    expect(mentioned(blocks)).toEqual([]);
    expect(blocks).toContain(actor);
  });

  test('not who never confirmed the address, nor whom a run by the clock is said to be of', async () => {
    await stage.slack.setMember(ADMIN, { isEmailConfirmed: false });
    stage.github.setAccount('octo-unconfirmed', { email: 'ada@acme.example' });
    await stage.github.play(aRun({ branch, actor: 'octo-unconfirmed' }));
    expect(mentioned(await posted())).toEqual([]);
    await stage.slack.setMember(ADMIN, { isEmailConfirmed: true });

    branch = 'plain-nightly';
    await stage.github.play(aRun({ branch, actor: 'octo-ben', event: 'schedule' }));
    expect(mentioned(await posted())).toEqual([]);
  });

  test('nobody where Slack does not let us look, and the message comes all the same', async () => {
    stage.slack.faults.add({ method: 'users.lookupByEmail', error: 'missing_scope', times: Infinity });
    stage.github.setAccount('octo-early', { email: 'ada@acme.example' });
    await stage.github.play(aRun({ branch, actor: 'octo-early' }));
    expect(mentioned(await posted())).toEqual([]);

    stage.slack.faults.clear();
    stage.slack.faults.add({ method: 'users.lookupByEmail', retryAfter: 30, times: Infinity });
    stage.github.setAccount('octo-busy', { email: 'ada@acme.example' });
    branch = 'plain-busy';
    await stage.github.play(aRun({ branch, actor: 'octo-busy' }));
    expect(mentioned(await posted())).toEqual([]);
    stage.slack.faults.clear();
    // Of a failure nothing is remembered: the next message asks again.
    branch = 'plain-calm';
    await stage.github.play(aRun({ branch, actor: 'octo-busy' }));
    expect(mentioned(await posted())).toEqual([ADMIN]);
  });

  test('who says that the account is theirs, until they take it back; a second one is refused', async () => {
    stage.github.setAccount('Octo-Cleo');
    const claim = { user: MEMBER, text: 'whoami github octo-cleo' };
    await askCortex(stage, claim, 'Noted: Octo-Cleo on GitHub is you');
    await askCortex(stage, claim, 'I know already');
    await askCortex(stage, { ...claim, user: ADMIN }, 'was claimed by @ben already');
    await askCortex(stage, { ...claim, user: GUEST }, 'this is for full members');
    await stage.github.play(aRun({ branch, actor: 'Octo-Cleo' }));
    expect(mentioned(await posted())).toEqual([MEMBER]);

    await askCortex(stage, { user: MEMBER, text: 'whoami' }, 'Octo-Cleo  by your own word');
    const shown = stage.slack.ephemerals(MEMBER).at(-1) ?? none();
    await stage.slack.click({ user: MEMBER, channel: CHANNEL, ts: shown.ts, text: 'Remove' });
    await eventually(() =>
      expect(stage.slack.render(stage.slack.ephemerals(MEMBER).at(-1) ?? none())).toContain('Done: '),
    );
    await eventually(async () =>
      expect(await stage.query("select 1 from github_accounts where user_id = 'U0BEN'")).toEqual([]),
    );

    branch = 'plain-anonymous';
    await stage.github.play(aRun({ branch, actor: 'Octo-Cleo' }));
    expect(mentioned(await posted())).toEqual([]);
    const entries = await stage.query(
      `select actor, action from audit_entries where subject_kind = 'account' and details->>'login' = 'Octo-Cleo' order by at`,
    );
    expect(entries).toEqual([
      { actor: MEMBER, action: 'claim-account' },
      { actor: MEMBER, action: 'unlink-account' },
    ]);
  });

  test('not somebody who has left; an admin frees what they had claimed, and nobody else can', async () => {
    stage.github.setAccount('octo-dana');
    await askCortex(stage, { user: MEMBER, text: 'whoami github @octo-dana' }, 'Noted: ');
    await askCortex(stage, { user: MEMBER, text: 'whoami github free octo-dana' }, 'this is for workspace owners');
    await stage.slack.setMember(MEMBER, { isRestricted: true });
    await eventually(async () => {
      const [row] = await stage.query(
        `select trusted_until <= now() as over from github_accounts where login = 'octo-dana'`,
      );
      expect(row).toEqual({ over: true });
    });
    await stage.github.play(aRun({ branch, actor: 'octo-dana' }));
    expect(mentioned(await posted())).toEqual([]);
    await stage.slack.setMember(MEMBER, { isRestricted: false });

    await askCortex(stage, { user: MEMBER, text: 'whoami github octo-dana' }, 'Noted: ');
    await askCortex(stage, { user: ADMIN, text: 'whoami github free OCTO-DANA' }, 'can be claimed');
    await askCortex(stage, { user: ADMIN, text: 'whoami github octo-dana' }, 'Noted: octo-dana on GitHub is you');
    await askCortex(stage, { user: ADMIN, text: 'whoami github none' }, 'does not lead to you any more');
  });

  test.each([
    ['nobody-at-all', 'GitHub knows no account called nobody-at-all'],
    ['acme', 'is an app or an organization'],
    ['<!channel>', 'write github and its name behind it'],
    ['one two three', 'write github and its name behind it'],
  ])('and %s is answered with what is wrong', async (typed, expected) => {
    await askCortex(stage, { user: MEMBER, text: `whoami github ${typed}` }, expected);
  });

  test('whom the rules call: author, owners of the changed files, and a group, once and when it is new', async () => {
    stage.github.setAccount('octo-ben', { email: 'ben@acme.example' });
    stage.github.setAccount('octo-zoe');
    await stage.query('delete from github_accounts');
    const rule = `${REPOSITORY} branch:called-*`;
    const ask = (mention: string) => ({ user: MEMBER, channel: OTHER_CHANNEL, text: `subscribe ${rule} ${mention}` });
    await askCortex(stage, ask('mention:@oncal'), 'Did you mean @oncall?');
    await askCortex(stage, ask('mention:@old-team'), 'Slack knows no user group with the handle @old-team');
    await askCortex(stage, ask('mention:codeowners,@OnCall'), 'mention:codeowners,@oncall');
    await askCortex(stage, ask('mention:author'), 'mention:author');
    branch = 'called-1';
    const files = [{ path: 'services/cart/total.ts' }, { path: 'services/cart/README.md' }];

    const { runId } = await stage.github.play(aRun({ branch, actor: 'octo-zoe', files }));

    const blocks = await posted(OTHER_CHANNEL);
    expect(mentioned(blocks)).toEqual([MEMBER, 'S0PAYMENTS', ADMIN, 'S0ONCALL']);
    await eventually(() =>
      expect(stage.slack.render(about(OTHER_CHANNEL)[0] ?? none())).toContain(
        'For octo-zoe, @ben, @payments, @ada, acme/writers, @oncall and 1 more',
      ),
    );
    // Again: the same message, edited, with the same words, and nothing new that calls anybody.
    await stage.github.rerun(runId);
    await eventually(() => expect(stage.slack.render(about(OTHER_CHANNEL)[0] ?? none())).toMatch(/#\d+, attempt 2/u));
    expect(about(OTHER_CHANNEL)).toHaveLength(1);
    expect(stage.slack.render(about(OTHER_CHANNEL)[0] ?? none())).toContain('For octo-zoe, @ben,');
    const posts = stage.slack.calls('chat.postMessage').filter(({ args }) => args['channel'] === OTHER_CHANNEL);
    expect(posts.filter(({ args }) => mentioned(JSON.stringify(args['blocks'])).length > 0)).toHaveLength(1);
  });

  test('a window says below its field which group there is not', async () => {
    await askCortex(stage, { user: MEMBER, channel: OTHER_CHANNEL, text: 'subscriptions' }, '1. ');
    const list = stage.slack.ephemerals(MEMBER).at(-1) ?? none();
    const actionId = /"(edit-rule:[^"]+)"/u.exec(JSON.stringify(list.blocks))?.[1] ?? '';
    await stage.slack.click({ user: MEMBER, channel: OTHER_CHANNEL, ts: list.ts, actionId });
    const window = await eventually(() => stage.slack.modals(MEMBER)[0] ?? none());

    const refused = await stage.slack.submit(window, { mention: '@paymints' });
    expect(JSON.stringify(refused)).toContain('Did you mean @payments?');
    await stage.slack.submit(window, { branch: 'called-*', mention: '@payments' });
    const check = await eventually(() => stage.slack.modals(MEMBER)[1] ?? none());
    await stage.slack.submit(check, {});

    await eventually(() =>
      expect(stage.slack.render(stage.slack.ephemerals(MEMBER).at(-1) ?? none())).toContain('mention:@payments'),
    );
    expect(
      await stage.query('select groups from subscriptions where groups is not null order by repository'),
    ).toContainEqual({
      groups: { payments: 'S0PAYMENTS' },
    });
  });
});

function none(): never {
  throw new Error('There is no message yet');
}
