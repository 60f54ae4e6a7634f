import { defineEntity, p } from '@mikro-orm/core';
import type { ModelCallId, RepositoryName, RunId, WorkspaceId } from '../../domain/ids.ts';
import { CALL_OUTCOMES, type ModelProvider, type ModelReply } from '../../domain/reasoning.ts';
import { Summary } from './summary.ts';

const ModelCallSchema = defineEntity({
  name: 'ModelCall',
  tableName: 'model_calls',
  uniques: [
    {
      name: 'model_calls_request',
      properties: ['workspaceId', 'requestKey'],
      where: "outcome = 'reserved' or outcome = 'answered'",
    },
  ],
  indexes: [
    // The workspace comes last, so that no plan takes these for a way to all of its calls.
    { name: 'model_calls_number', properties: ['number', 'workspaceId'] },
    { name: 'model_calls_month', properties: ['month', 'workspaceId'] },
    { name: 'model_calls_late', properties: ['expiresAt'], where: "outcome = 'reserved'" },
    { name: 'model_calls_prompt', properties: ['promptDeleteAfter'], where: 'prompt_delete_after is not null' },
    { name: 'model_calls_created', properties: ['createdAt'] },
  ],
  properties: {
    id: p.uuid().$type<ModelCallId>().primary(),
    workspaceId: p.text().$type<WorkspaceId>(),
    /** Counts up within a workspace, so that the call so many calls ago is found at once. */
    number: p.integer(),
    /** First day of the month (UTC) whose budget it counts against. */
    month: p.date(),
    requestKey: p.text(),
    repository: p.text().$type<RepositoryName>(),
    runId: p.bigint('number').$type<RunId>(),
    attempt: p.integer(),
    fingerprint: p.text(),
    provider: p.text().$type<ModelProvider>(),
    /** As it was asked for; `answeredBy` is the model's own name for itself. */
    model: p.text(),
    answeredBy: p.text().strictNullable(),
    promptVersion: p.text(),
    estimateMicroUsd: p.bigint('number'),
    /** 0 while it is reserved; the estimate once it is abandoned. */
    costMicroUsd: p.bigint('number').default(0),
    inputTokens: p.integer().default(0),
    outputTokens: p.integer().default(0),
    cachedTokens: p.integer().default(0),
    firstTokenMs: p.integer().strictNullable(),
    totalMs: p.integer().strictNullable(),
    outcome: p.enum(CALL_OUTCOMES),
    fallbackReason: p.text().strictNullable(),
    problem: p.text().strictNullable(),
    reply: p.json<ModelReply>().strictNullable(),
    prompt: p.text().strictNullable(),
    promptDeleteAfter: p.datetime().strictNullable(),
    summary: () => p.manyToOne(Summary).strictNullable().deleteRule('set null').index('model_calls_summary'),
    createdAt: p.datetime().defaultRaw('now()'),
    settledAt: p.datetime().strictNullable(),
    /** A reserved call that nobody settled until then is abandoned. */
    expiresAt: p.datetime(),
  },
});

/** One question to one model: reserved before it is asked, settled after. */
export class ModelCall extends ModelCallSchema.class {}
ModelCallSchema.setClass(ModelCall);
