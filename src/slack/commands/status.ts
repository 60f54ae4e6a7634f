import { z } from 'zod';
import type { RepositoryName } from '../../domain/ids.ts';
import type { Message } from '../../domain/message.ts';
import { LISTED, repositoryStatusMessage, statusMessage, type StatusContent } from '../../messages/status.ts';
import { findWorkspaceUrl } from '../../notify/workspace-url.ts';
import { defineCommand, type Question } from '../command.ts';
import { readScope } from '../scope.ts';

export const status = defineCommand({
  name: 'status',
  usage: 'status [owner/repo]',
  summary: 'shows how the repositories of this channel stand, or the open failures of one',
  examples: ['status', 'status acme/web'],
  needs: 'status.read',
  args: z.union([z.tuple([]), z.tuple([z.string()])]),
  problem: 'Tell me one repository, or nothing for those of this channel.',
  run: (call, [word]) => answerStatus(call, word),
});

/** How the channel's repositories stand, or the one that was named; null where the asker was told why not. */
export async function answerStatus(question: Question, word: string | undefined): Promise<Message | null> {
  const scope = await readScope(question, word);
  if (scope.kind === 'answer') return scope.message;
  const content = await readStatus(question, scope.repositories);
  const [repository] = scope.repositories;
  return scope.kind === 'repository' && repository !== undefined
    ? repositoryStatusMessage(repository, content)
    : statusMessage(content);
}

async function readStatus(
  { ports, asker: { workspaceId }, channelId }: Question,
  repositories: readonly RepositoryName[],
): Promise<StatusContent> {
  const { runs, overview, clock } = ports;
  const [known, open, workspaceUrl] = await Promise.all([
    runs.statuses(workspaceId, LISTED.repositories, repositories),
    overview.open(workspaceId, { repositories, channelId, limit: LISTED.failures }),
    findWorkspaceUrl(ports, workspaceId),
  ]);
  const unknown = repositories.filter((name) => known.every(({ repository }) => repository !== name));
  const unseen = unknown.map((repository) => ({ repository, latest: null, openFailures: 0 }));
  const statuses = [...known, ...unseen].slice(0, LISTED.repositories);
  const left = repositories.length - statuses.length;
  return { channelId, statuses, left, open, workspaceUrl, now: clock.now() };
}
