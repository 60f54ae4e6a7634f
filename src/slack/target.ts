import { RepositoryName, RunId } from '../domain/ids.ts';
import type { SummaryTarget } from '../domain/jobs.ts';

/** What a person typed where a repository or a run is meant. */
export type TargetOutcome =
  | { kind: 'target'; target: SummaryTarget }
  /** An address of another host than the configured GitHub. */
  | { kind: 'foreign-host'; host: string; expected: string }
  /** A page of a repository that is neither its own nor a run's, such as a pull request. */
  | { kind: 'other-page'; repository: RepositoryName; word: string }
  | { kind: 'unreadable'; word: string };

/** What still means the repository: its page, and the list of its runs. */
const REPOSITORY_PATH = /^(?:actions\/?)?$/u;

const RUN_PATH = /^actions\/runs\/(\d{1,16})(?:\/attempts\/(\d{1,4}))?(?:\/job\/\d{1,16})?\/?$/u;

/**
 * Reads `owner/repo`, the address of a repository, or the address of a run (with an attempt or a job behind it). An address
 * must be one of the GitHub that we are configured for, so that nobody is led to believe that we read another.
 */
export function readTarget(typed: string, githubWebUrl: string): TargetOutcome {
  const github = new URL(githubWebUrl);
  // An address as people type it, without what stands before the host.
  const word = typed.toLowerCase().startsWith(`${github.host}/`) ? `${github.protocol}//${typed}` : typed;
  if (!/^https?:\/\//iu.test(word)) return repositoryTarget(word, word);
  if (!URL.canParse(word)) return { kind: 'unreadable', word };
  const address = new URL(word);
  if (address.host !== github.host) return { kind: 'foreign-host', host: address.host, expected: github.host };
  const base = github.pathname.replace(/\/$/u, '');
  if (!address.pathname.startsWith(`${base}/`)) return { kind: 'unreadable', word };
  const [owner, name = '', ...rest] = address.pathname.slice(base.length + 1).split('/');
  const repository = repositoryTarget(`${owner}/${name.replace(/\.git$/u, '')}`, word);
  if (repository.kind !== 'target') return repository;
  const page = rest.join('/');
  const run = RUN_PATH.exec(page);
  if (run !== null) return runTarget(repository.target.repository, run, word);
  return REPOSITORY_PATH.test(page)
    ? repository
    : { kind: 'other-page', repository: repository.target.repository, word };
}

/** The repository that a word names; any page of a repository, also a run's, names it. */
export function readRepository(
  word: string,
  githubWebUrl: string,
): { kind: 'repository'; repository: RepositoryName } | Exclude<TargetOutcome, { kind: 'target' | 'other-page' }> {
  const outcome = readTarget(word, githubWebUrl);
  if (outcome.kind === 'target') return { kind: 'repository', repository: outcome.target.repository };
  return outcome.kind === 'other-page' ? { kind: 'repository', repository: outcome.repository } : outcome;
}

function repositoryTarget(words: string, word: string): TargetOutcome {
  const repository = RepositoryName.safeParse(words);
  if (!repository.success) return { kind: 'unreadable', word };
  return { kind: 'target', target: { kind: 'latest', repository: repository.data } };
}

function runTarget(repository: RepositoryName, [, id, attempt]: RegExpExecArray, word: string): TargetOutcome {
  const runId = RunId.safeParse(Number(id));
  const number = attempt === undefined ? null : Number(attempt);
  if (!runId.success || number === 0) return { kind: 'unreadable', word };
  return { kind: 'target', target: { kind: 'run', repository, runId: runId.data, attempt: number } };
}
