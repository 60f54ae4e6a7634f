import { AuditEntry } from './audit-entry.ts';
import { CiSource } from './ci-source.ts';
import { Event } from './event.ts';
import { FailureIssue } from './failure-issue.ts';
import { Failure } from './failure.ts';
import { Feedback } from './feedback.ts';
import { FlakyMark } from './flaky-mark.ts';
import { GitHubAnswer } from './github-answer.ts';
import { GitHubAccount } from './github-account.ts';
import { GitHubApp } from './github-app.ts';
import { Happening } from './happening.ts';
import { HeldHappening } from './held-happening.ts';
import { HeldSummary } from './held-summary.ts';
import { Installation } from './installation.ts';
import { Job } from './job.ts';
import { ModelBudget } from './model-budget.ts';
import { ModelCall } from './model-call.ts';
import { Mute } from './mute.ts';
import { Post } from './post.ts';
import { Repo } from './repo.ts';
import { ReportedJob } from './reported-job.ts';
import { RepositoryGroup } from './repository-group.ts';
import { RuleFile } from './rule-file.ts';
import { Rerun } from './rerun.ts';
import { Roundup, RoundupEntry } from './roundup.ts';
import { RunEnvironment } from './run-environment.ts';
import { Run } from './run.ts';
import { Setting } from './setting.ts';
import { SingleUseToken } from './single-use-token.ts';
import { SpentToken } from './spent-token.ts';
import { Subscription } from './subscription.ts';
import { Summary } from './summary.ts';
import { ThreadReply } from './thread-reply.ts';
import { Thread } from './thread.ts';
import { User } from './user.ts';
import { Workspace } from './workspace.ts';

/** Every table. */
export const ENTITIES = [
  Workspace,
  Installation,
  Repo,
  Run,
  Failure,
  Summary,
  Subscription,
  Thread,
  ThreadReply,
  Post,
  User,
  GitHubAccount,
  Event,
  Job,
  ModelBudget,
  ModelCall,
  Feedback,
  Setting,
  AuditEntry,
  FlakyMark,
  Mute,
  HeldSummary,
  Rerun,
  FailureIssue,
  Roundup,
  RoundupEntry,
  Happening,
  HeldHappening,
  RunEnvironment,
  RepositoryGroup,
  RuleFile,
  SpentToken,
  CiSource,
  ReportedJob,
  GitHubAnswer,
  SingleUseToken,
  GitHubApp,
];
