import type { SqlEntityManager } from '@mikro-orm/sql';
import { z } from 'zod';
import type { CommitChecks } from '../domain/happening.ts';
import type { RepositoryName, WorkspaceId } from '../domain/ids.ts';
import { CONCLUSIONS, isFailing } from '../domain/run.ts';
import { execute } from './statements.ts';

const Check = z.object({ name: z.string(), isFailing: z.boolean() });
const Workflow = z.object({ name: z.string(), isOver: z.boolean(), conclusion: z.enum(CONCLUSIONS).nullable() });

/** How many names are looked at of each kind. */
const MOST = 200;

/** What is known of the checks of a commit: the newest result of each, from workflow runs and other apps alike. */
export async function findCommitChecks(
  em: SqlEntityManager,
  workspaceId: WorkspaceId,
  { repository, sha }: { repository: RepositoryName; sha: string },
): Promise<CommitChecks> {
  const parameters = [workspaceId, repository, sha, MOST];
  const checks = await execute(em, Check, { text: CHECKS, parameters });
  const workflows = await execute(em, Workflow, { text: WORKFLOWS, parameters });
  const over = workflows
    .filter(({ isOver }) => isOver)
    .map(({ name, conclusion }) => ({ name, isFailing: isFailing(conclusion) }));
  const failing = [...over, ...checks].filter((each) => each.isFailing).map(({ name }) => name);
  return {
    failing: [...new Set(failing)].toSorted(),
    passing: over.length + checks.length - failing.length,
    underWay: workflows.length - over.length,
  };
}

const CHECKS = `
  select distinct on (subject) facts->>'name' as name, (facts->>'isFailing')::boolean as "isFailing"
  from happenings where workspace_id = ? and repository = ? and kind = 'check' and place = ?
  order by subject, rank desc limit ?`;

const WORKFLOWS = `
  select distinct on (workflow, event) workflow as name, status = 'completed' as "isOver", conclusion
  from runs where workspace_id = ? and repository = ? and head_sha = ?
  order by workflow, event, number desc, attempt desc limit ?`;
