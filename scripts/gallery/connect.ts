import { InstallationId, UserId } from '../../src/domain/ids.ts';
import { connectMessage, disconnectedReply } from '../../src/messages/connect.ts';
import { noticeMessage } from '../../src/messages/notices.ts';
import { MOMENT } from '../../tests/support/report-builders.ts';
import { type GalleryState, told } from './state.ts';

const id = InstallationId.parse(51_423);
const way = {
  host: null,
  install: 'https://github.com/apps/opsaicortex/installations/new?state=signed',
  authorize: 'https://github.com/login/oauth/authorize?client_id=Iv23li&state=signed',
};
const elsewhere = {
  host: 'ghe.acme.example',
  install: 'https://ghe.acme.example/github-apps/opsaicortex/installations/new?state=signed',
  authorize: 'https://ghe.acme.example/login/oauth/authorize?client_id=Iv23li&state=signed',
};
const connected = [
  { id, host: null, sight: { account: 'acme', isSuspended: false } },
  { id: InstallationId.parse(51_424), host: null, sight: { account: 'acme-labs', isSuspended: true } },
  { id: InstallationId.parse(51_425), host: null, sight: null },
  { id: InstallationId.parse(51_426), host: 'ghe.acme.example', sight: 'unknown' },
] as const;

const nothing = { connected: [], page: 1, before: 0, left: 0 };

/** What admins see of the accounts on GitHub that their workspace is linked to. */
export function connectStates(): GalleryState[] {
  const notice = { kind: 'github-connected', installationId: id, account: 'acme' } as const;
  return [
    told('connect-nothing-yet', connectMessage({ ...nothing, ways: [way] })),
    told('connect-several', connectMessage({ connected, page: 1, before: 0, left: 3, ways: [way] })),
    told('connect-two-servers', connectMessage({ connected, page: 1, before: 0, left: 0, ways: [way, elsewhere] })),
    told('connect-no-such-page', connectMessage({ ...nothing, page: 3, before: 4, ways: [way] })),
    told('connect-not-set-up', connectMessage({ ...nothing, connected: connected.slice(0, 1), ways: [] })),
    told('connect-ended', disconnectedReply(id, true)),
    told('connect-ended-before', disconnectedReply(id, false)),
    told('connect-told', noticeMessage({ ...notice, by: UserId.parse('U0ADA'), at: MOMENT.toISOString() })),
  ];
}
