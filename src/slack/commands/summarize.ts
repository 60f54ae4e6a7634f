import type { GitHubSite } from '../../domain/github-apps.ts';
import { z } from 'zod';
import { planWants } from '../../analysis/wants.ts';
import type { SummaryTarget } from '../../domain/jobs.ts';
import type { Message } from '../../domain/message.ts';
import {
  cannotShowHereMessage,
  flagProblemMessage,
  unreadableTargetMessage,
  usageMessage,
} from '../../messages/help.ts';
import { modelNotHereMessage } from '../../messages/answer.ts';
import { lookingMessage } from '../../messages/progress.ts';
import { channelObstacle } from '../../notify/subscribe.ts';
import { requestSummary } from '../../pipeline/request.ts';
import { defineCommand, type CommandCall } from '../command.ts';
import { readFlags, type SummarizeFlags } from '../flags.ts';
import { onBranch, readTarget } from '../target.ts';

const PROBLEM = 'Tell me one repository, perhaps with a branch, or the address of one run or pull request; or nothing.';

export const summarize = defineCommand({
  name: 'summarize',
  usage: 'summarize [owner/repo [branch] | owner/repo#12 | address] [--fresh] [--model NAME] [--here]',
  summary: 'explains the last failing run of this channel, a repository, a branch or a pull request, or one run',
  examples: [
    'summarize',
    'summarize acme/web',
    'summarize acme/web release/2.x',
    'summarize acme/web#12',
    'summarize https://github.com/acme/web/actions/runs/17234567890',
    'summarize acme/web --here',
    'summarize acme/web --fresh',
    'summarize acme/web --model large',
  ],
  needs: 'summary.request',
  args: z.array(z.string()),
  problem: PROBLEM,
  async run(call, typed) {
    const read = readFlags(typed);
    if (read.kind === 'wrong') return flagProblemMessage('summarize', read.problem);
    const { flags } = read;
    const outcome = readWords(flags.words, call.options.githubSites());
    return outcome.kind === 'answer' ? outcome.message : await request(call, outcome.target, flags);
  },
});

type Read = { kind: 'target'; target: SummaryTarget } | { kind: 'answer'; message: Message };

function readWords([word, branch, ...more]: readonly string[], sites: readonly GitHubSite[]): Read {
  if (word === undefined) return { kind: 'target', target: { kind: 'channel' } };
  const outcome = readTarget(word, sites);
  if (outcome.kind !== 'target') return { kind: 'answer', message: unreadableTargetMessage(outcome) };
  const target = branch === undefined ? outcome.target : onBranch(outcome.target, branch);
  return target === null || more.length > 0
    ? { kind: 'answer', message: usageMessage(summarize, PROBLEM) }
    : { kind: 'target', target };
}

async function request(
  { ports, asker, channelId, requestKey, responseUrl, say }: CommandCall,
  target: SummaryTarget,
  { isFresh, isHere, model }: SummarizeFlags,
): Promise<Message | null> {
  const { models, settings } = ports;
  const plan = planWants(model, { models, settings: await settings.reasoning(asker.workspaceId) });
  if (plan.kind === 'not-configured') return modelNotHereMessage(plan);
  const obstacle = isHere ? await channelObstacle(ports, asker, channelId) : null;
  if (obstacle !== null) return cannotShowHereMessage(obstacle.kind);
  // Said before the work is queued: a quick worker must not be overtaken by "looking".
  await say(lookingMessage(target));
  await requestSummary(ports, {
    ...asker,
    channelId,
    target,
    responseUrl,
    requestKey,
    ...(isFresh && { isFresh }),
    ...(isHere && { post: {} }),
    ...(plan.wants && { wants: plan.wants }),
  });
  return null;
}
