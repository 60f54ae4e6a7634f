import { ANSWER_FORMS } from '../../src/domain/github-answers.ts';
import { ChannelId, RepositoryName } from '../../src/domain/ids.ts';
import { USUAL_REASONING } from '../../src/domain/reasoning.ts';
import { answersModal } from '../../src/messages/answers-modal.ts';
import { homeTab, refusedHome } from '../../src/messages/home.ts';
import { reasonModal, settingsModal, slowModal, strangeModal, wordsModal } from '../../src/messages/modals.ts';
import { noticeMessage } from '../../src/messages/notices.ts';
import { rerunModal } from '../../src/messages/rerun-modal.ts';
import { settingsMessage, type SettingsState } from '../../src/messages/settings.ts';
import { usageMessage } from '../../src/messages/usage.ts';
import { aUsageReport, SOME_ROUTES } from '../../tests/support/memory-reasoning.ts';
import { aReport, aResolution, aRun, minutesLater } from '../../tests/support/report-builders.ts';
import { aBusyMonth } from './builders.ts';
import { type GalleryState, home, modal, posted, told } from './state.ts';

/** The App Home, windows, the spend, the settings, and what admins are told. */
export function surfaceStates(): GalleryState[] {
  return [...homes(), ...windows(), ...money(), ...notices()];
}

function homes(): GalleryState[] {
  const now = minutesLater(90);
  const open = aReport();
  const ended = aReport({ failure: { status: 'resolved', resolution: aResolution() } });
  const statuses = Array.from({ length: 60 }, (_, index) => ({
    repository: RepositoryName.parse(`acme/service-${index}`),
    latest: index % 7 === 3 ? null : aRun({ conclusion: index % 5 === 0 ? 'failure' : 'success' }),
    openFailures: index % 5 === 0 ? 2 : 0,
  }));
  const recent = Array.from({ length: 40 }, () => aReport());
  const spending = { report: aBusyMonth(), budgetUsd: 50 };
  return [
    home('home-empty', homeTab({ statuses: [], recent: [], page: 0, now })),
    home('home', homeTab({ statuses: statuses.slice(0, 4), recent: [open, ended], page: 0, now, spending })),
    home('home-page-2', homeTab({ statuses, recent, page: 1, now })),
    home('home-refused', refusedHome()),
  ];
}

const STATE: SettingsState = {
  settings: USUAL_REASONING,
  routes: SOME_ROUTES,
  limits: { monthlyBudgetUsd: 50, callsPerHour: 200 },
  missing: { claude: null, gpt: 'OPENAI_API_KEY', ollama: null },
  openReruns: [],
  answers: { check: [], comment: [] },
};

function windows(): GalleryState[] {
  return [
    modal('window-settings', settingsModal(STATE, '{}')),
    modal('window-reruns', rerunModal(['acme/*', 'lab/tools'], '{}')),
    modal('window-answers', answersModal({ check: [RepositoryName.parse('acme/web')], comment: ['acme/*'] }, '{}')),
    modal('window-what-was-wrong', reasonModal('{}')),
    modal('window-strange', strangeModal()),
    modal('window-slow', slowModal()),
    modal('window-words', wordsModal('Nothing was changed', 'Only owners and admins of this workspace can do that.')),
  ];
}

function money(): GalleryState[] {
  const nearly = aBusyMonth({ spentMicroUsd: 46_000_000 });
  return [
    told('settings', settingsMessage(STATE, { mayEdit: true })),
    told(
      'settings-with-open-reruns',
      settingsMessage({ ...STATE, openReruns: ['acme/*', 'lab/tools'] }, { mayEdit: true }),
    ),
    told('settings-read-only', settingsMessage(STATE, { mayEdit: false })),
    told('usage', usageMessage({ report: aBusyMonth(), budgetUsd: 50 })),
    told('usage-nearly-spent', usageMessage({ report: nearly, budgetUsd: 50 })),
    told('usage-quiet-month', usageMessage({ report: aUsageReport(), budgetUsd: 50 })),
    told('usage-no-budget', usageMessage({ report: aUsageReport(), budgetUsd: 0 })),
  ];
}

function notices(): GalleryState[] {
  const budget = { month: '2026-11', spentMicroUsd: 41_000_000, budgetMicroUsd: 50_000_000 };
  const refused = { kind: 'model-refused', day: '2026-11-20' } as const;
  return [
    posted('notice-budget-warning', noticeMessage({ kind: 'budget-warning', ...budget })),
    posted(
      'notice-budget-exhausted',
      noticeMessage({ kind: 'budget-exhausted', ...budget, spentMicroUsd: 50_000_000 }),
    ),
    ...(['claude', 'gpt', 'ollama'] as const).map((provider) =>
      posted(`notice-${provider}-refused`, noticeMessage({ ...refused, provider, insteadOfIt: 'offline' })),
    ),
    ...ANSWER_FORMS.map((form) =>
      posted(
        `notice-answers-${form}`,
        noticeMessage({
          kind: 'answers-not-permitted',
          repository: RepositoryName.parse('acme/web'),
          form,
          day: '2026-11-20',
        }),
      ),
    ),
    posted(
      'notice-answers-taken',
      noticeMessage({ kind: 'answers-taken', repository: RepositoryName.parse('acme/web'), month: '2026-11' }),
    ),
    posted('notice-claude-refused-gpt-answers', noticeMessage({ ...refused, provider: 'claude', insteadOfIt: 'gpt' })),
    posted(
      'notice-channel-paused',
      noticeMessage({
        kind: 'channel-paused',
        channelId: ChannelId.parse('C0PAYMENTS'),
        reason: 'is_archived',
        at: '2026-11-20T09:30:00.000Z',
      }),
    ),
  ];
}
