import { z } from 'zod';
import type { Message } from '../../domain/message.ts';
import { flakyMessage, LISTED } from '../../messages/status.ts';
import { defineCommand, type Question } from '../command.ts';
import { readScope } from '../scope.ts';

/** As long as the verdict looks back. */
const DAYS = 14;

export const flaky = defineCommand({
  name: 'flaky',
  usage: 'flaky [owner/repo]',
  summary: 'lists failures that went away when the same commit ran again, the most frequent first',
  examples: ['flaky', 'flaky acme/web'],
  needs: 'status.read',
  args: z.union([z.tuple([]), z.tuple([z.string()])]),
  problem: 'Tell me one repository, or nothing for those of this channel.',
  run: (call, [word]) => answerFlaky(call, word),
});

/** What was flaky in the channel's repositories, or in the one that was named; null where the asker was told why not. */
export async function answerFlaky(question: Question, word: string | undefined): Promise<Message | null> {
  const scope = await readScope(question, word);
  if (scope.kind === 'answer') return scope.message;
  const { repositories } = scope;
  const { overview, clock } = question.ports;
  const since = new Date(clock.now().getTime() - DAYS * 86_400_000);
  const found = await overview.flaky(question.asker.workspaceId, { repositories, since, limit: LISTED.flaky + 1 });
  const where = scope.kind === 'channel' ? 'in the repositories of this channel' : `in ${scope.repositories[0]}`;
  return flakyMessage(found, { days: DAYS, where });
}
