import { z } from 'zod';
import { flakyMessage, LISTED } from '../../messages/status.ts';
import { defineCommand } from '../command.ts';
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
  async run(call, [word]) {
    const scope = await readScope(call, word);
    if (scope.kind === 'answer') return scope.message;
    const { repositories } = scope;
    const { overview, clock } = call.ports;
    const since = new Date(clock.now().getTime() - DAYS * 86_400_000);
    const found = await overview.flaky(call.asker.workspaceId, { repositories, since, limit: LISTED.flaky + 1 });
    const where = scope.kind === 'channel' ? 'in the repositories of this channel' : `in ${scope.repositories[0]}`;
    return flakyMessage(found, { days: DAYS, where });
  },
});
