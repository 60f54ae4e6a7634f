import type { GitHubSite } from '../domain/github-apps.ts';
import { type RepositoryName, RepositoryPath, RunId } from '../domain/ids.ts';
import { hostOf, repositoryOn } from '../domain/servers.ts';
import { BranchName, NamedTarget } from '../domain/jobs.ts';

/** What a person typed where a repository or a run is meant. */
export type TargetOutcome =
  | { kind: 'target'; target: NamedTarget }
  /** An address of another host than the configured GitHub. */
  | { kind: 'foreign-host'; host: string; expected: string }
  /** A page of a repository that names neither it, nor a branch, a run or a pull request. */
  | { kind: 'other-page'; repository: RepositoryName; word: string }
  | { kind: 'unreadable'; word: string };

/** What still means the repository: its page, and the list of its runs. */
const REPOSITORY_PATH = /^(?:actions\/?)?$/u;

const RUN_PATH = /^actions\/runs\/(\d{1,16})(?:\/attempts\/(\d{1,4}))?(?:\/job\/\d{1,16})?\/?$/u;
const PULL_PATH = /^pull\/(\d{1,9})(?:\/[\w/.-]*)?$/u;
const BRANCH_PATH = /^tree\/(.{1,250}?)\/?$/u;

/** `owner/repo#12`, `owner/repo@branch`. */
const WITH_NUMBER = /^([^#@]+)#(\d{1,9})$/u;
const WITH_BRANCH = /^([^#@]+)@(.+)$/u;

/**
 * Reads `owner/repo`, `owner/repo@branch` and `owner/repo#12`, on another server than the one at home with its host in front; or the
 * address of a repository, a branch, a run (with an attempt or a job behind it) or a pull request. It must be one of a GitHub that we
 * are an App on, so that nobody is led to believe that we read another.
 */
export function readTarget(typed: string, sites: readonly GitHubSite[]): TargetOutcome {
  if (/^https?:\/\//iu.test(typed)) return readAddress(typed, sites);
  const home = sites.find(({ host }) => host === null);
  const site = sites.find(({ webUrl }) => typed.toLowerCase().startsWith(`${new URL(webUrl).host}/`));
  const outcome = site !== undefined && site === home ? null : readName(typed);
  if (outcome?.kind === 'target') {
    const host = hostOf(outcome.target.repository);
    return host === null || sites.some((each) => each.host === host) ? outcome : foreign(host, sites);
  }
  // An address as people type it, without what stands before the host.
  if (site !== undefined) return readAddress(`${new URL(site.webUrl).protocol}//${typed}`, sites);
  return outcome ?? { kind: 'unreadable', word: typed };
}

function readAddress(word: string, sites: readonly GitHubSite[]): TargetOutcome {
  if (!URL.canParse(word)) return { kind: 'unreadable', word };
  const address = new URL(word);
  const site = sites.find(({ webUrl }) => new URL(webUrl).host === address.host);
  if (site === undefined) return foreign(address.host, sites);
  const base = new URL(site.webUrl).pathname.replace(/\/$/u, '');
  if (!address.pathname.startsWith(`${base}/`)) return { kind: 'unreadable', word };
  const [owner, name = '', ...rest] = address.pathname.slice(base.length + 1).split('/');
  const path = RepositoryPath.safeParse(`${owner}/${name.replace(/\.git$/u, '')}`);
  if (!path.success) return { kind: 'unreadable', word };
  return readPage(repositoryOn(site, path.data), rest.join('/'), word);
}

function foreign(host: string, sites: readonly GitHubSite[]): TargetOutcome {
  return { kind: 'foreign-host', host, expected: sites.map(({ webUrl }) => new URL(webUrl).host).join(' or ') };
}

/** The repository that a word names; any page of a repository, also a run's, names it. */
export function readRepository(
  word: string,
  sites: readonly GitHubSite[],
): { kind: 'repository'; repository: RepositoryName } | Exclude<TargetOutcome, { kind: 'target' | 'other-page' }> {
  const outcome = readTarget(word, sites);
  if (outcome.kind === 'target') return { kind: 'repository', repository: outcome.target.repository };
  return outcome.kind === 'other-page' ? { kind: 'repository', repository: outcome.repository } : outcome;
}

function readName(word: string): TargetOutcome {
  const [, ofPull, number] = WITH_NUMBER.exec(word) ?? [];
  if (number !== undefined) return toTarget(word, { kind: 'pull-request', repository: ofPull, number: Number(number) });
  const [, ofBranch, branch] = WITH_BRANCH.exec(word) ?? [];
  if (branch !== undefined) return toTarget(word, { kind: 'latest', repository: ofBranch, branch });
  return toTarget(word, { kind: 'latest', repository: word });
}

function readPage(repository: RepositoryName, page: string, word: string): TargetOutcome {
  const [, id, attempt] = RUN_PATH.exec(page) ?? [];
  if (id !== undefined) {
    const runId = RunId.safeParse(Number(id)).data;
    const number = attempt === undefined ? null : Number(attempt);
    return toTarget(word, { kind: 'run', repository, runId, attempt: number });
  }
  const [, pull] = PULL_PATH.exec(page) ?? [];
  if (pull !== undefined) return toTarget(word, { kind: 'pull-request', repository, number: Number(pull) });
  const [, branch] = BRANCH_PATH.exec(page) ?? [];
  if (branch !== undefined) return toTarget(word, { kind: 'latest', repository, branch: decode(branch) });
  return REPOSITORY_PATH.test(page)
    ? toTarget(word, { kind: 'latest', repository })
    : { kind: 'other-page', repository, word };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function toTarget(word: string, parts: Record<string, unknown>): TargetOutcome {
  const target = NamedTarget.safeParse(parts).data;
  return target === undefined ? { kind: 'unreadable', word } : { kind: 'target', target };
}

/** The same target on a branch that was named beside it; null where it has no room for one. */
export function onBranch(target: NamedTarget, word: string): NamedTarget | null {
  const branch = BranchName.safeParse(word);
  if (!branch.success || target.kind !== 'latest' || target.branch !== undefined) return null;
  return { ...target, branch: branch.data };
}
