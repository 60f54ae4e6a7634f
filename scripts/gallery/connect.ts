import { InstallationId, UserId } from '../../src/domain/ids.ts';
import { connectMessage, disconnectedReply } from '../../src/messages/connect.ts';
import { noticeMessage } from '../../src/messages/notices.ts';
import { MOMENT } from '../../tests/support/report-builders.ts';
import { type GalleryState, told } from './state.ts';

const id = InstallationId.parse(51_423);
const pages = {
  install: 'https://github.com/apps/opsaicortex/installations/new?state=signed',
  authorize: 'https://github.com/login/oauth/authorize?client_id=Iv23li&state=signed',
};
const connected = [
  { id, sight: { account: 'acme', isSuspended: false } },
  { id: InstallationId.parse(51_424), sight: { account: 'acme-labs', isSuspended: true } },
  { id: InstallationId.parse(51_425), sight: null },
  { id: InstallationId.parse(51_426), sight: 'unknown' },
] as const;

/** What admins see of the accounts on GitHub that their workspace is linked to. */
export function connectStates(): GalleryState[] {
  const notice = { kind: 'github-connected', installationId: id, account: 'acme' } as const;
  return [
    told('connect-nothing-yet', connectMessage({ connected: [], left: 0, pages })),
    told('connect-several', connectMessage({ connected, left: 3, pages })),
    told('connect-not-set-up', connectMessage({ connected: connected.slice(0, 1), left: 0, pages: null })),
    told('connect-ended', disconnectedReply(id, true)),
    told('connect-ended-before', disconnectedReply(id, false)),
    told('connect-told', noticeMessage({ ...notice, by: UserId.parse('U0ADA'), at: MOMENT.toISOString() })),
  ];
}
