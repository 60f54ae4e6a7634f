import { z } from 'zod';
import type { FailureId, RepositoryName, WorkspaceId } from './ids.ts';
import type { Lease } from './jobs.ts';
import { RepositoryTargets } from './repository-target.ts';
import { targetsOf } from './rules/rule.ts';
import type { Reservation } from './stores.ts';

// What stands on GitHub about a failure, where an admin wants that: a check run on its commit, or one comment on its pull request.

export const ANSWER_FORMS = ['check', 'comment'] as const;
export type AnswerForm = (typeof ANSWER_FORMS)[number];

/** What the App has to be allowed to write for that, beyond what it usually asks for. */
export const ANSWER_NEEDS = { check: 'checks', comment: 'pull_requests' } as const satisfies Record<AnswerForm, string>;

/** The repositories in which failures are answered on GitHub, too; none until an admin names them. */
export const GitHubAnswers = z.object({ check: RepositoryTargets, comment: RepositoryTargets });
export type GitHubAnswers = z.infer<typeof GitHubAnswers>;

export const NO_ANSWERS: GitHubAnswers = { check: [], comment: [] };

/** How failures of a repository are answered on GitHub; null where they are not. A check goes before a comment. */
export function answerFormOf(answers: GitHubAnswers, repository: RepositoryName): AnswerForm | null {
  const names = targetsOf(repository);
  return ANSWER_FORMS.find((form) => answers[form].some((target) => names.includes(target))) ?? null;
}

/** The forms in which anything of an account is to be answered; the account with the host of another server in front. */
export function formsWantedOf(answers: GitHubAnswers, account: string): AnswerForm[] {
  return ANSWER_FORMS.filter((form) => answers[form].some((target) => target.startsWith(`${account.toLowerCase()}/`)));
}

/** The one button of a check run, by the name under which GitHub tells of a click: at most 20 characters. */
export const LOOK_AGAIN = 'reanalyze';

/** A place in a file that a check run points at. */
export interface Annotation {
  path: string;
  line: number;
  message: string;
}

interface CheckText {
  title: string;
  summary: string;
  conclusion: 'neutral' | 'success';
  /** Whether there is something to look at again. */
  isOpen: boolean;
}

/** What is to stand on GitHub. All of it is made safe for where it stands. */
export type GitHubAnswer =
  | (CheckText & {
      form: 'check';
      repository: RepositoryName;
      failureId: FailureId;
      name: string;
      sha: string;
      annotations: readonly Annotation[];
    })
  | { form: 'comment'; repository: RepositoryName; pullRequest: number; mark: string; body: string };

/** `gone`: somebody deleted it, and that is respected. */
export type AnswerOutcome = { kind: 'posted'; id: number } | { kind: 'not-permitted' | 'gone' | 'refused' };

export interface GitHubAnswerer {
  /** The one that an earlier try made without a word; null where there is none. Throws what GitHub throws. */
  find(workspaceId: WorkspaceId, answer: GitHubAnswer, signal: AbortSignal): Promise<number | null>;
  /** Makes it, or edits the one with this id. Throws GitHubUnavailableError. */
  put(
    workspaceId: WorkspaceId,
    request: { answer: GitHubAnswer; id: number | null },
    signal: AbortSignal,
  ): Promise<AnswerOutcome>;
}

/** Where an answer stands: the key names the check of a failure on a commit, or the comment of a pull request. */
export interface AnswerPlace {
  repository: RepositoryName;
  key: string;
}

export function placeOf(answer: GitHubAnswer): AnswerPlace {
  const { repository } = answer;
  if (answer.form === 'comment') return { repository, key: `comment:${answer.pullRequest}` };
  return { repository, key: `check:${answer.failureId}:${answer.sha}` };
}

export interface GitHubAnswerStore {
  /**
   * The answer in this place, made on first call; as with messages. `taken` where another workspace answers in this repository, wants to
   * go on, and began before: a repository has one voice. Throws LeaseLostError.
   */
  reserve(
    workspaceId: WorkspaceId,
    lease: Lease,
    place: AnswerPlace,
  ): Promise<{ id: number | null; state: Reservation | 'taken' }>;
  isThere(workspaceId: WorkspaceId, place: AnswerPlace): Promise<boolean>;
  /** Throws LeaseLostError. */
  setId(workspaceId: WorkspaceId, lease: Lease, place: AnswerPlace & { id: number }): Promise<void>;
  /** Forgets a reservation that came to nothing. Throws LeaseLostError. */
  release(workspaceId: WorkspaceId, lease: Lease, place: AnswerPlace): Promise<void>;
}
