import type {
  Check,
  CommitChecks,
  Deployment,
  DeploymentState,
  HappeningList,
  KeptHappening,
  PullRequest,
  Release,
} from '../domain/happening.ts';
import type { Message } from '../domain/message.ts';
import { header, message, note } from './blocks.ts';
import { bold, bullets, link, mono, paragraph, plain, type Span, text } from './rich-text.ts';
import { WHY } from './roundup.ts';
import { count, duration, oneLine, shortSha } from './text.ts';

/** One line about something beside workflow runs that a rule wanted to hear of, as it stands now. */
export function happeningMessage(kept: KeptHappening): Message {
  const { what, address, fallback, spans } = lineOf(kept);
  return message(`${what} ${fallback}`, [paragraph(text(`${signOf(kept)} `), link(address, what), ...spans)]);
}

/** How many a list shows; with all names at their longest this fits. */
const LISTED = 20;

/** One message about several that were held back, as they stand now: what is wrong first. */
export function happeningListMessage({ occasion, entries }: HappeningList): Message {
  const shown = entries.toSorted((one, other) => weightOf(other) - weightOf(one)).slice(0, LISTED);
  const wrong = entries.filter((each) => weightOf(each) > 0).length;
  const lead = KIND_WORDS.flatMap(([kind, one, several]) => {
    const amount = entries.filter(({ happening }) => happening.kind === kind).length;
    return amount === 0 ? [] : [count(amount, one, several)];
  }).join(', ');
  const left = entries.length - shown.length;
  const state = wrong === 0 ? 'None of them is broken.' : `${wrong} of them ${wrong === 1 ? 'is' : 'are'} broken.`;
  return message(`${lead}. ${state}`, [
    header(`${wrong === 0 ? '🟢' : '🔴'} ${lead}`),
    paragraph(text(WHY[occasion]), text(' '), bold(state)),
    bullets(
      [],
      shown.map((kept) => {
        const { what, address, fallback } = lineOf(kept);
        return [text(`${signOf(kept)} `), link(address, what), text(` ${oneLine(fallback, 140)}`)];
      }),
    ),
    ...(left > 0 ? [note(`and ${left} more`)] : []),
  ]);
}

const weightOf = (kept: KeptHappening): number => (signOf(kept) === '🔴' ? 1 : 0);

const KIND_WORDS = [
  ['deployment', 'deployment', 'deployments'],
  ['check', 'check', 'checks'],
  ['pull_request', 'pull request', 'pull requests'],
  ['release', 'release', 'releases'],
] as const;

interface Line {
  /** What it is about, which links there. */
  what: string;
  address: string;
  /** What comes behind it, in plain words and in pieces. */
  fallback: string;
  spans: Span[];
}

function lineOf({ happening, sequel, checks }: KeptHappening): Line {
  switch (happening.kind) {
    case 'deployment':
      return deploymentLine(happening, sequel);
    case 'check':
      return checkLine(happening);
    case 'pull_request':
      return pullLine(happening, checks);
    case 'release':
      return releaseLine(happening);
    default:
      return happening satisfies never;
  }
}

/** Red is wrong, yellow waits, blue is under way, green is well, white is over without being either. */
function signOf({ happening, sequel, checks }: KeptHappening): string {
  switch (happening.kind) {
    case 'deployment':
      return sequel === null ? STATES[happening.state].sign : '🟢';
    case 'check':
      return happening.isFailing ? '🔴' : '🟢';
    case 'pull_request':
      return PULL_SIGNS[standingOf(happening, checks)];
    case 'release':
      return happening.state === 'published' ? '🟢' : '⚪';
    default:
      return happening satisfies never;
  }
}

const STATES: Record<DeploymentState, { sign: string; words: string }> = {
  queued: { sign: '🔵', words: 'is queued' },
  pending: { sign: '🔵', words: 'is about to start' },
  waiting: { sign: '🟡', words: 'waits for an approval' },
  in_progress: { sign: '🔵', words: 'is under way' },
  success: { sign: '🟢', words: 'succeeded' },
  failure: { sign: '🔴', words: 'failed' },
  error: { sign: '🔴', words: 'ended with an error' },
  inactive: { sign: '⚪', words: 'was replaced or taken down' },
};

function deploymentLine(deployment: Deployment, sequel: Deployment | null): Line {
  const { repository, url, environment, ref, sha, actor, description, state } = deployment;
  const { words } = STATES[state];
  const later = sequel === null ? '' : duration(sequel.at.getTime() - deployment.at.getTime());
  const end = sequel === null ? '' : ` Fixed by the deployment of ${shortSha(sequel.sha)}, ${later} later.`;
  return {
    what: `${repository}: deployment to ${oneLine(environment, 80)}`,
    address: url,
    fallback: `${words}: ${oneLine(ref, 100)} at ${shortSha(sha)}${end}`,
    spans: [
      text(` ${words}: `),
      mono(ref, 100),
      text(' at '),
      mono(shortSha(sha), 7),
      text(', by '),
      plain(actor, 60),
      text('.'),
      ...remark(description),
      text(end || ' '),
    ],
  };
}

function checkLine({ repository, url, app, name, branch, sha, title, ...story }: Check): Line {
  const { isFailing, failures, since, fixedBy, at } = story;
  const words = isFailing ? 'failed on' : 'passes again on';
  const often = isFailing && failures > 1 ? ` ${failures} times in a row.` : '';
  const last = since === null || fixedBy === null ? '' : `, ${duration(fixedBy.at.getTime() - since.getTime())} later`;
  const end = isFailing
    ? often
    : ` Fixed by ${shortSha(fixedBy?.sha ?? sha)}, after ${count(failures, 'failure')}${last}.`;
  const long = isFailing && since !== null && failures > 1 ? ` For ${duration(at.getTime() - since.getTime())}.` : '';
  const whose = app === null || app === name ? '' : ` (${oneLine(app, 60)})`;
  return {
    what: `${repository}: ${oneLine(name, 80)}${whose}`,
    address: url,
    fallback: `${words} ${oneLine(branch, 100)} at ${shortSha(sha)}. ${oneLine(title, 150)}`,
    spans: [
      text(` ${words} `),
      mono(branch, 100),
      ...(isFailing ? [text(' at '), mono(shortSha(sha), 7), text('.'), ...remark(title)] : [text('.')]),
      text(`${end}${long}` || ' '),
    ],
  };
}

/** How a pull request stands. */
type PullStanding = PullRequest['state'] | 'draft' | 'waiting' | 'under-way' | 'green';

const PULL_SIGNS: Record<PullStanding, string> = {
  open: '🔵',
  'under-way': '🔵',
  merged: '⚪',
  closed: '⚪',
  draft: '⚪',
  waiting: '🔴',
  green: '🟢',
};

function standingOf({ state, isDraft }: PullRequest, checks: CommitChecks | null): PullStanding {
  if (state !== 'open') return state;
  if (isDraft) return 'draft';
  if (checks === null) return 'open';
  if (checks.failing.length > 0) return 'waiting';
  return checks.underWay > 0 || checks.passing === 0 ? 'under-way' : 'green';
}

const PULL_WORDS: Record<Exclude<PullStanding, 'waiting'>, string> = {
  open: 'is open.',
  'under-way': 'has a new commit, of which the checks are not done yet.',
  merged: 'was merged.',
  closed: 'was closed without being merged.',
  draft: 'is a draft again.',
  green: 'does not wait any more: its checks pass.',
};

/** How many failing checks are named. */
const NAMED = 5;

function pullLine(pull: PullRequest, checks: CommitChecks | null): Line {
  const { repository, number, title, url, actor, base } = pull;
  const standing = standingOf(pull, checks);
  const failing = checks?.failing ?? [];
  const words =
    standing === 'waiting'
      ? `waits: ${failing.length === 1 ? 'a check fails' : `${failing.length} checks fail`}`
      : PULL_WORDS[standing];
  const names = standing === 'waiting' ? failing.slice(0, NAMED) : [];
  const left = standing === 'waiting' ? failing.length - names.length : 0;
  return {
    what: `${repository}#${number}`,
    address: url,
    fallback: `${oneLine(title, 150)} ${words}`,
    spans: [
      text(' '),
      plain(title, 150),
      text(', by '),
      plain(actor, 60),
      text(' to '),
      mono(base, 100),
      text(`, ${words}`),
      ...names.flatMap((name, index) => [text(index === 0 ? ' (' : ', '), mono(name, 80)]),
      text(names.length === 0 ? ' ' : `${left > 0 ? ` and ${left} more` : ''}).`),
    ],
  };
}

function releaseLine({ repository, url, tag, name, target, isPrerelease, state, actor }: Release): Line {
  const kind = isPrerelease ? 'prerelease' : 'release';
  const words = state === 'published' ? 'is out' : `was ${state}`;
  const isNamed = name !== '' && name !== tag;
  return {
    what: `${repository}: ${kind} ${oneLine(tag, 100)}`,
    address: url,
    fallback: `${words}${isNamed ? `: ${oneLine(name, 150)}` : ''}`,
    spans: [
      text(` ${words}`),
      ...(isNamed ? [text(': '), plain(name, 150)] : []),
      text(', from '),
      mono(target, 100),
      text(', by '),
      plain(actor, 60),
      text('.'),
    ],
  };
}

function remark(words: string): Span[] {
  return words.trim() === '' ? [] : [text(' '), plain(words, 150)];
}
