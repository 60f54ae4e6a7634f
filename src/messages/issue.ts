import type { InputBlock, KnownBlock } from '@slack/types';
import { isReported } from '../domain/ci.ts';
import type { LogLine, Summary } from '../domain/diagnosis.ts';
import type { Message, Modal } from '../domain/message.ts';
import type { Failure } from '../domain/failure.ts';
import type { CreateIssueOutcome, Issue, NewIssue } from '../domain/ports.ts';
import type { Run } from '../domain/run.ts';
import { ACTION, VIEW } from './action-ids.ts';
import { button, linkButton, message, plainText, section, sentence } from './blocks.ts';
import { logLineUrl } from './log-links.ts';
import { fencedLines, markdownLink, paragraphText } from './markdown.ts';
import { strongestLines } from './proof.ts';
import { link, moment, paragraph, person, text, type Span } from './rich-text.ts';
import { clip, oneLine, webAddress } from './text.ts';
import { attemptUrl } from './words.ts';

/** The fields of the window, by the names of their blocks. */
export const ISSUE_FIELD = { title: 'title', words: 'words', labels: 'labels' } as const;

/** GitHub takes 256 characters of a title and 50 of a label's name; a text field of Slack's 3,000. */
export const ISSUE_LIMITS = { title: 256, words: 3_000, labels: 10, label: 50 } as const;

/** How many lines of proof an issue quotes. */
const LINES = 8;
const LINE_MAX = 400;

/** A failure as an issue tells of it. */
export interface IssueSource {
  failure: Failure;
  shown: { summary: Pick<Summary, 'diagnosis'>; run: Run } | null;
  /** Its message in Slack. */
  threadUrl: string | null;
}

/** Asks what the issue is to say, with what is known filled in. */
export function issueModal({ failure, shown }: Pick<IssueSource, 'failure' | 'shown'>, metadata: string): Modal {
  const { headline, cause, nextStep } = shown?.summary.diagnosis ?? {
    headline: `${failure.workflow} fails on ${failure.branch}`,
    cause: '',
    nextStep: '',
  };
  const words = [cause, nextStep].filter((each) => each.trim() !== '').join('\n\n');
  return {
    type: 'modal',
    callback_id: VIEW.createIssue,
    private_metadata: metadata,
    title: plainText('Create an issue'),
    submit: plainText('Create'),
    close: plainText('Cancel'),
    blocks: [
      section(
        `A GitHub issue in ${oneLine(failure.repository, 140)}. The lines of the log that prove it and links to the run and to this thread are added.`,
      ),
      field(ISSUE_FIELD.title, 'Title', { initial: oneLine(headline, 200), max: ISSUE_LIMITS.title }),
      field(ISSUE_FIELD.words, 'What it says', {
        initial: clip(words, ISSUE_LIMITS.words),
        max: ISSUE_LIMITS.words,
        isLong: true,
        hint: 'It becomes plain text on GitHub: nothing in it mentions people or closes issues.',
      }),
      field(ISSUE_FIELD.labels, 'Labels', { initial: '', max: 600, hint: 'Between commas, such as: ci, bug' }),
    ],
  };
}

interface FieldParts {
  initial: string;
  max: number;
  isLong?: boolean;
  hint?: string;
}

function field(name: string, label: string, { initial, max, isLong = false, hint }: FieldParts): InputBlock {
  return {
    type: 'input',
    block_id: name,
    label: plainText(label),
    optional: name !== ISSUE_FIELD.title,
    ...(hint === undefined ? {} : { hint: plainText(hint) }),
    element: {
      type: 'plain_text_input',
      action_id: name,
      multiline: isLong,
      max_length: max,
      ...(initial === '' ? {} : { initial_value: initial }),
    },
  };
}

/** Said at a field. */
export const ISSUE_PROBLEM = {
  labels: `Write at most ${ISSUE_LIMITS.labels} labels of at most ${ISSUE_LIMITS.label} characters each, between commas.`,
  title: `Write a title of at most ${ISSUE_LIMITS.title} characters.`,
  words: `Write at most ${ISSUE_LIMITS.words.toLocaleString('en-US')} characters.`,
} as const;

/** By which the issue of a failure is known again, should we not have heard GitHub's answer. */
export function issueMark({ id }: Pick<Failure, 'id'>): string {
  return `<!-- opsaicortex failure ${id} -->`;
}

/** The issue as GitHub gets it. `words` are a person's, made from what a log and perhaps a model said. */
export function newIssue(
  { failure, shown, threadUrl }: IssueSource,
  { title, words, labels }: { title: string; words: string; labels: readonly string[] },
): NewIssue {
  const proof = shown === null ? [] : strongestLines(shown.summary.diagnosis, LINES);
  const parts = [
    paragraphText(words, ISSUE_LIMITS.words),
    ...(proof.length === 0
      ? []
      : [
          '**What the log says**',
          fencedLines(
            proof.map(({ text: line }) => line),
            LINE_MAX,
          ),
        ]),
    placeWords({ failure, shown, threadUrl }, proof[0]),
    issueMark(failure),
  ];
  const { repository } = failure;
  return {
    repository,
    title: oneLine(title, ISSUE_LIMITS.title),
    body: parts.filter((part) => part !== '').join('\n\n'),
    labels: labels.map((label) => oneLine(label, ISSUE_LIMITS.label)),
  };
}

function placeWords({ failure, shown, threadUrl }: IssueSource, line: LogLine | undefined): string {
  const { workflow, branch } = failure;
  const place = `${oneLine(workflow, 100)} on ${oneLine(branch, 100)}`;
  const run = shown && webAddress(attemptUrl(shown.run));
  const log = line === undefined || shown === null ? null : webAddress(logLineUrl(shown.run, line));
  const thread = webAddress(threadUrl);
  return [
    run === null || shown === null
      ? paragraphText(place, 220)
      : markdownLink(run, `Run ${shown.run.number} of ${place}`, 240),
    ...(log === null ? [] : [markdownLink(log, 'The log', 20)]),
    ...(thread === null ? [] : [markdownLink(thread, 'The thread in Slack', 40)]),
  ].join(' · ');
}

/** "Create issue…", or the way to the one that there is; nothing where the failure is over, or GitHub does not know the project. */
export function issueButton({ id, status, repository }: Failure, issue: Issue | null) {
  if (issue !== null) return linkButton(`Issue #${issue.number}`, { actionId: ACTION.viewIssue, url: issue.url });
  return status === 'open' && !isReported(repository)
    ? button('Create issue…', { actionId: ACTION.createIssue, value: id })
    : null;
}

/** Who created it, for the message of the failure. */
export function issueSpans({ number, url, by, at }: Issue): Span[] {
  return [link(url, `Issue #${number}`), text(' created by '), person(by), text(' at '), moment(at)];
}

/** Said privately to the person who wants an issue. */
export function issueReply(outcome: CreateIssueOutcome): Message {
  switch (outcome.kind) {
    case 'created':
      return withLink(outcome.issue, 'Created: ', '. The message has the link for everybody.');
    case 'existing':
      return withLink(outcome.issue, 'There is one already: ', '. So none was created.');
    case 'taken':
      return message('Somebody is creating one right now.', [
        paragraph(person(outcome.by), text(' is creating one right now, so none was created twice.')),
      ]);
    case 'gone':
    case 'resolved':
    case 'merged':
    case 'not-permitted':
    case 'not-found':
    case 'issues-off':
    case 'refused':
      return sentence(OBSTACLES[outcome.kind]);
    default:
      return outcome satisfies never;
  }
}

const OBSTACLES = {
  gone: 'I do not know this failure any more, so no issue was created.',
  resolved: 'This failure is over: the workflow passes again. So no issue was created.',
  merged: 'This failure was merged into another one, so no issue was created. Create it there.',
  'not-permitted':
    'GitHub does not let me create issues: the GitHub App lacks the permission "Issues: write" in this repository. Ask whoever manages GitHub to grant it.',
  'not-found':
    'GitHub does not know this repository any more, or does not show it to me, so no issue was created. Was the app removed from it?',
  'issues-off':
    'This repository has no issues: somebody turned them off in its settings on GitHub. So none was created.',
  refused: 'GitHub did not take this issue. Perhaps a label is not allowed here: try again without labels.',
} as const satisfies Record<Exclude<CreateIssueOutcome['kind'], 'created' | 'existing' | 'taken'>, string>;

function withLink({ number, url }: Issue, before: string, after: string): Message {
  const blocks: KnownBlock[] = [paragraph(text(before), link(url, `issue #${number}`, { bold: true }), text(after))];
  return message(`${before}issue #${number}`, blocks);
}
