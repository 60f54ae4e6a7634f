import type { ChannelId, JobId, RepositoryName, SubscriptionId, UserId, WorkspaceId } from './ids.ts';
import type { NewJob } from './jobs.ts';
import type { Asker } from './member.ts';
import type { Place, RuleProblem } from './rules/problem.ts';
import type { Rule } from './rules/rule.ts';

// Rules that stand in a file of the repository that they are about, and the channels that take them from there.

/** Where the file is, on the default branch. */
export const RULE_FILE_PATH = '.github/cortex.yml';

export const RULE_FILE_LIMITS = { bytes: 65_536, channels: 50, rules: 50, depth: 10 } as const;

/** What is wrong with a file, and where; `known` and `meant` are what may stand there, and what was probably meant. */
export type RuleFileProblem =
  | { kind: 'too-large'; most: number }
  | ({
      /** Both count from 1. */
      line: number;
      column: number;
      /** The line, and which part of it is meant. */
      source: string;
      at: Place;
    } & RuleFileFault);

export type RuleFileFault =
  | { kind: 'not-yaml'; hint: 'tabs' | 'twice' | 'open' | null }
  | { kind: 'too-deep' }
  | { kind: 'alias' }
  | { kind: 'unknown-key'; word: string; meant: string | null; known: readonly string[] }
  | { kind: 'missing-key'; key: string }
  /** Something else stands there than what `wanted` names. */
  | { kind: 'wrong-value'; key: string }
  | { kind: 'too-many'; key: string; most: number }
  | { kind: 'second-channel'; word: string }
  | { kind: 'own-target'; word: string }
  | { kind: 'rule'; problem: RuleProblem }
  /** The line holds what looks like a secret, so nothing of it is quoted. */
  | { kind: 'withheld' };

/** What a file says about one channel: an id, or a name without its `#`, in lower case. */
export interface FileChannel {
  channel: string;
  rules: readonly Rule[];
}

/** `version` is the same for the same text, and another for another. */
export type RuleFileRead =
  | { kind: 'rules'; version: string; channels: readonly FileChannel[] }
  | { kind: 'wrong'; version: string; problem: RuleFileProblem }
  /** The repository has no such file. */
  | { kind: 'missing' }
  /** The repository, or what is in it, is not for us. */
  | { kind: 'hidden' };

export interface RuleFileSource {
  /** The file of the default branch: what a pull request or a fork says in it is not the repository's word. Throws GitHubUnavailableError. */
  read(workspaceId: WorkspaceId, repository: RepositoryName, signal: AbortSignal): Promise<RuleFileRead>;
}

/** `unnamed`: the file has rules, but none for this channel. */
export const RULE_FILE_STATES = ['unread', 'applied', 'unnamed', 'wrong', 'missing', 'hidden'] as const;
export type RuleFileState = (typeof RULE_FILE_STATES)[number];

/** What a channel took from a file at last. */
export interface RuleFileContent {
  state: RuleFileState;
  /** Of the text that was read last; null while none was. */
  version: string | null;
  /** Those of the last text that could be read; none once the file is gone. */
  rules: readonly Rule[];
  /** What is wrong with the text that was read last. */
  problem: RuleFileProblem | null;
}

/** A channel's wish to take its rules about a repository from the repository's own file. */
export interface RuleFile extends RuleFileContent {
  id: SubscriptionId;
  channelId: ChannelId;
  repository: RepositoryName;
  createdBy: UserId;
  createdAt: Date;
  pausedReason: string | null;
}

export interface RuleFilePlace {
  channelId: ChannelId;
  repository: RepositoryName;
}

export interface RuleFileStore {
  /** One of a repository in a channel; a paused one is woken up, and counts as created. */
  agree(asker: Asker, place: RuleFilePlace): Promise<'created' | 'existing'>;
  /** Ends the rules of the file with it; null where there was none. */
  withdraw(workspaceId: WorkspaceId, place: RuleFilePlace): Promise<RuleFile | null>;
  inChannel(workspaceId: WorkspaceId, channelId: ChannelId): Promise<RuleFile[]>;
  ofRepository(workspaceId: WorkspaceId, repository: RepositoryName): Promise<RuleFile[]>;
  /**
   * One transaction: replaces what the channel took as a whole, and stores what follows. Null, and nothing is changed, where a later
   * reading was stored already, or the channel does not want it any more.
   */
  save(
    workspaceId: WorkspaceId,
    place: RuleFilePlace,
    next: RuleFileContent & { readAt: Date; followUps: readonly NewJob[] },
  ): Promise<JobId[] | null>;
  /** Files that were not read for so long: of one workspace, or with null of all of them alike. */
  stale(
    workspaceId: WorkspaceId | null,
    which: { olderThanMs: number; limit: number },
  ): Promise<Array<{ workspaceId: WorkspaceId; repository: RepositoryName }>>;
}
