import { RepositoryName, RunId } from '../domain/ids.ts';
import type { SummaryTarget } from '../domain/jobs.ts';

/** What a person typed where a repository or a run is meant. */
export type TargetOutcome =
  | { kind: 'target'; target: SummaryTarget }
  /** An address of another host than the configured GitHub. */
  | { kind: 'foreign-host'; host: string; expected: string }
  | { kind: 'unreadable'; word: string };

const RUN_PATH = /^actions\/runs\/(\d{1,16})(?:\/attempts\/(\d{1,4}))?(?:\/job\/\d{1,16})?\/?$/u;

/**
 * Reads `owner/repo`, the address of a repository, or the address of a run (with an attempt or a job behind it). An address
 * must be one of the GitHub that we are configured for, so that nobody is led to believe that we read another.
 */
export function readTarget(word: string, githubWebUrl: string): TargetOutcome {
  if (!/^https?:\/\//iu.test(word)) return repositoryTarget(word, word);
  const github = new URL(githubWebUrl);
  if (!URL.canParse(word)) return { kind: 'unreadable', word };
  const address = new URL(word);
  if (address.host !== github.host) return { kind: 'foreign-host', host: address.host, expected: github.host };
  const base = github.pathname.replace(/\/$/u, '');
  if (!address.pathname.startsWith(`${base}/`)) return { kind: 'unreadable', word };
  const [owner, name = '', ...rest] = address.pathname.slice(base.length + 1).split('/');
  const repository = repositoryTarget(`${owner}/${name.replace(/\.git$/u, '')}`, word);
  const run = RUN_PATH.exec(rest.join('/'));
  if (repository.kind !== 'target' || run === null) return repository;
  return runTarget(repository.target.repository, run, word);
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
