import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GitHubAnswers, NO_ANSWERS } from '../../domain/github-answers.ts';
import type { AuditAction, AuditEntry } from '../../domain/handling.ts';
import type { Asker } from '../../domain/member.ts';
import type { SettingStore } from '../../domain/ports.ts';
import { ReasoningSettings, USUAL_REASONING } from '../../domain/reasoning.ts';
import { RepositoryTarget } from '../../domain/repository-target.ts';
import type { Statements } from '../statements.ts';
import { storableJson } from '../storable.ts';

const REASONING = 'reasoning';
const RERUNS = 'reruns';
const ANSWERS = 'github-answers';

const { routes, reuseHours, monthlyBudgetUsd, callsPerHour, keepPromptsDays } = ReasoningSettings.shape;

/** A part that is missing, or that another version of us wrote, is the usual one; the others stand. */
const StoredReasoning = z
  .object({
    routes: routes.catch(USUAL_REASONING.routes),
    reuseHours: reuseHours.catch(USUAL_REASONING.reuseHours),
    monthlyBudgetUsd: monthlyBudgetUsd.catch(USUAL_REASONING.monthlyBudgetUsd),
    callsPerHour: callsPerHour.catch(USUAL_REASONING.callsPerHour),
    keepPromptsDays: keepPromptsDays.catch(USUAL_REASONING.keepPromptsDays),
  })
  .catch(USUAL_REASONING);

export function createSettingStore(statements: Statements): SettingStore {
  return {
    async reasoning(workspaceId) {
      const [row] = await statements.query(z.object({ value: StoredReasoning }), FIND, [workspaceId, REASONING]);
      return row?.value ?? { ...USUAL_REASONING };
    },
    async saveReasoning(workspaceId, settings) {
      await statements.query(z.unknown(), SAVE, [workspaceId, REASONING, storableJson(settings)]);
    },
    async openReruns(workspaceId) {
      const [row] = await statements.query(z.object({ value: StoredReruns }), FIND, [workspaceId, RERUNS]);
      return row?.value ?? [];
    },
    async saveOpenReruns(admin, open, at) {
      const entry = { action: 'open-reruns', details: { open: open.join(' ') }, at } as const;
      await saveAudited(statements, admin, { key: RERUNS, value: open, entry });
    },
    async githubAnswers(workspaceId) {
      const [row] = await statements.query(z.object({ value: StoredAnswers }), FIND, [workspaceId, ANSWERS]);
      return row?.value ?? NO_ANSWERS;
    },
    async saveGitHubAnswers(admin, answers, at) {
      const details = { check: answers.check.join(' '), comment: answers.comment.join(' ') };
      const entry = { action: 'answer-on-github', details, at } as const;
      await saveAudited(statements, admin, { key: ANSWERS, value: answers, entry });
    },
  };
}

async function saveAudited(
  statements: Statements,
  { workspaceId, userId }: Asker,
  {
    key,
    value,
    entry,
  }: { key: string; value: unknown; entry: Pick<AuditEntry, 'details' | 'at'> & { action: AuditAction } },
): Promise<void> {
  const { action, details, at } = entry;
  const audit = [randomUUID(), userId, action, workspaceId, storableJson(details), at.toISOString()];
  await statements.query(z.unknown(), SAVE_AUDITED, [workspaceId, key, storableJson(value), ...audit]);
}

/** What another version of us wrote and we cannot read is nowhere. */
const StoredAnswers = GitHubAnswers.catch(NO_ANSWERS);

/** What another version of us wrote and we cannot read opens nothing. */
const StoredReruns = z
  .array(z.unknown())
  .transform((stored) => stored.flatMap((each) => RepositoryTarget.safeParse(each).data ?? []))
  .catch([]);

const FIND = `select value from settings where workspace_id = $1 and key = $2`;

const SAVE = `
  insert into settings (workspace_id, key, value) values ($1, $2, $3::jsonb)
  on conflict (workspace_id, key) do update set value = excluded.value, updated_at = now()`;

/** One statement, and so one transaction. */
const SAVE_AUDITED = `
  with saved as (
    insert into settings (workspace_id, key, value) values ($1, $2, $3::jsonb)
    on conflict (workspace_id, key) do update set value = excluded.value, updated_at = now()
  )
  insert into audit_entries (id, workspace_id, actor, action, subject_kind, subject_id, details, at)
  values ($4, $1, $5, $6, 'workspace', $7, $8::jsonb, $9)`;
