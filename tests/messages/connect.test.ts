import { describe, expect, test } from '@jest/globals';
import { InstallationId, UserId } from '../../src/domain/ids.ts';
import { connectMessage } from '../../src/messages/connect.ts';
import { noticeMessage } from '../../src/messages/notices.ts';
import { refuseMessage } from '../../src/sandbox/slack/validation/validate.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';

const id = InstallationId.parse(51_423);
const address = `https://github.com/login/oauth/authorize?state=${'s'.repeat(600)}`;
const way = { host: null, install: address, authorize: address };
const page = { connected: [], page: 1, before: 0, left: 0, ways: [way] };

describe('the accounts on GitHub that a workspace sees', () => {
  test.each(HOSTILE)('fit for the name %#, as many as there can be', (account) => {
    const connected = Array.from({ length: 10 }, (_, index) => ({
      id: InstallationId.parse(Number.MAX_SAFE_INTEGER - index),
      host: 'h'.repeat(70),
      sight: { account, isSuspended: true },
    }));
    const message = connectMessage({ ...page, connected, left: 90, ways: Array.from({ length: 20 }, () => way) });

    expect(faultsIn(message)).toEqual([]);
    expect(refuseMessage(message)).toBeNull();
    expect(JSON.stringify(message.blocks).match(/\(installation \d+\)/gu)).toHaveLength(10);
    expect(JSON.stringify(message.blocks)).toContain('"url":"https://github.com/login/oauth/authorize?state=sss');
  });

  test('can be ended one by one, after a question', () => {
    const message = connectMessage({ ...page, connected: [{ id, host: null, sight: 'unknown' }] });

    const shown = JSON.stringify(message.blocks);
    expect(shown).toContain('"action_id":"disconnect-github:51423"');
    expect(shown).toContain('"confirm":{"title"');
    expect(readable(message)).toContain('installation 51423');
  });

  test('are linked by the operator where nobody can sign in, and no button leads anywhere', () => {
    const message = connectMessage({ ...page, ways: [] });

    expect(readable(message)).toContain('GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET');
    expect(readable(message)).toContain('GITHUB_INSTALLATION_LINKS');
    expect(JSON.stringify(message.blocks)).not.toContain('"button"');
  });

  test.each(HOSTILE)('are told to admins whatever their name is: %#', (account) => {
    const notice = { kind: 'github-connected', installationId: id, account, by: UserId.parse('U0ADA') } as const;

    expect(faultsIn(noticeMessage({ ...notice, at: '2026-11-28T12:00:00.000Z' }))).toEqual([]);
  });
});
