import type { KnownBlock } from '@slack/types';
import type { Summary } from '../domain/diagnosis.ts';
import type { Failure } from '../domain/failure.ts';
import type { HomeTab } from '../domain/message.ts';
import type { RepositoryStatus } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { ACTION, actionIdWith } from './action-ids.ts';
import { actions, button, divider, header, LIMITS, note, section } from './blocks.ts';
import { bold, bullets, link, mono, paragraph, plain, text } from './rich-text.ts';
import { standingSpans } from './repository-status.ts';
import { ago, count, oneLine } from './text.ts';
import { type Spending, spendLine } from './usage.ts';
import { attemptUrl, VERDICT_WORDS } from './words.ts';

/** What the App Home shows; lists are already in the order to be shown. */
export interface HomeContent {
  statuses: readonly RepositoryStatus[];
  recent: ReadonlyArray<{ summary: Summary; failure: Failure; run: Run }>;
  /** 0-based; one that is too large shows the last page. */
  page: number;
  now: Date;
  /** For those who decide about it. */
  spending?: Spending | null;
}

/** Per page: with headers, notes and buttons this stays below Slack's 100 blocks of a view. */
const REPOSITORIES_PER_PAGE = 25;
const SUMMARIES_PER_PAGE = 15;

/** How much a Home can page through, so as much as is worth fetching. */
export const HOME_REPOSITORIES = 4 * REPOSITORIES_PER_PAGE;
export const HOME_SUMMARIES = 4 * SUMMARIES_PER_PAGE;

/** The App Home: how the repositories stand, and what failed lately; or what to do first. */
export function homeTab(content: HomeContent): HomeTab {
  const { statuses, recent, spending = null } = content;
  const blocks = statuses.length === 0 && recent.length === 0 ? emptyHome() : filledHome(content);
  const footer = spending === null ? [] : [divider(), note(spendLine(spending))];
  return { type: 'home', blocks: [...blocks.slice(0, LIMITS.viewBlocks - footer.length), ...footer] };
}

/** Shown instead of the dashboard to a person whose role does not suffice. */
export function refusedHome(): HomeTab {
  return {
    type: 'home',
    blocks: [
      header('OpsAICortex'),
      section(
        'This page shows every repository of the workspace, so it is for its full members. Ask a workspace admin if you should see it.',
      ),
    ],
  };
}

function emptyHome(): KnownBlock[] {
  return [
    header('Nothing to show yet'),
    paragraph(text('I explain failed CI runs: what broke, why, the log lines that prove it, and what to do next.')),
    bullets(
      [bold('To begin')],
      [
        [text('Have the GitHub App installed on the repositories that matter')],
        [text('Invite me to a channel, and type there '), mono('/cortex subscribe owner/repo', 60)],
        [text('Or ask about any run right away: '), mono('/cortex summarize owner/repo', 60)],
      ],
    ),
  ];
}

function filledHome({ statuses, recent: all, page, now }: HomeContent): KnownBlock[] {
  const recent = newestOfEach(all);
  const pages = Math.max(
    Math.ceil(statuses.length / REPOSITORIES_PER_PAGE),
    Math.ceil(recent.length / SUMMARIES_PER_PAGE),
    1,
  );
  const at = Math.min(Math.max(Math.floor(page), 0), pages - 1);
  const repositories = slice(statuses, at, REPOSITORIES_PER_PAGE);
  const summaries = slice(recent, at, SUMMARIES_PER_PAGE);
  return [
    ...(repositories.length > 0
      ? [
          header('Repositories'),
          ...repositories.map((status) => paragraph(...standingSpans(status, { now, between: '\n' }))),
        ]
      : []),
    ...(repositories.length > 0 && summaries.length > 0 ? [divider()] : []),
    ...(summaries.length > 0
      ? [header('Latest failures'), ...summaries.flatMap((entry) => summaryBlocks(entry, now))]
      : []),
    ...pageButtons(at, pages),
  ];
}

function slice<Item>(items: readonly Item[], page: number, size: number): readonly Item[] {
  return items.slice(page * size, (page + 1) * size);
}

const STATE_SIGNS = { open: '🔴', merged: '⚪', resolved: '🟢' } as const;

function summaryBlocks({ summary, failure, run }: HomeContent['recent'][number], now: Date): KnownBlock[] {
  const { diagnosis } = summary;
  const state = STATE_SIGNS[failure.status];
  return [
    paragraph(
      text(`${state} `),
      link(attemptUrl(run), diagnosis.headline, { bold: true }),
      text('\n'),
      plain(diagnosis.cause, 300),
    ),
    note(
      `${run.repository}, ${oneLine(run.workflow, 60)} on ${oneLine(run.branch, 60)}. ${VERDICT_WORDS[diagnosis.verdict.kind]}, seen ${count(failure.occurrences, 'time')}, ${stateWords(failure, now)}`,
    ),
  ];
}

/** Since when a failure is what it is. */
function stateWords({ resolution, last }: Failure, now: Date): string {
  if (resolution === null) return `last ${ago(last.at, now)}`;
  return resolution.kind === 'fixed'
    ? `fixed ${ago(resolution.at, now)}`
    : `passed on re-run ${ago(resolution.at, now)}`;
}

/** Each failure once, by its newest summary: a failure that was met ten times is one thing to look at. */
function newestOfEach(recent: HomeContent['recent']): HomeContent['recent'] {
  const seen = new Set<string>();
  return recent.filter(({ failure }) => !seen.has(failure.id) && seen.add(failure.id));
}

function pageButtons(page: number, pages: number): KnownBlock[] {
  if (pages === 1) return [];
  const to = (label: string, target: number) =>
    button(label, { actionId: actionIdWith(ACTION.homePage, target), value: String(target) });
  return [
    note(`Page ${page + 1} of ${pages}`),
    ...actions(page > 0 ? to('Newer', page - 1) : null, page < pages - 1 ? to('Older', page + 1) : null),
  ];
}
