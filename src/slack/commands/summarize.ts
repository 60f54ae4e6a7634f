import { z } from 'zod';
import { unreadableTargetMessage } from '../../messages/help.ts';
import { lookingMessage } from '../../messages/progress.ts';
import { requestSummary } from '../../pipeline/request.ts';
import { defineCommand } from '../command.ts';
import { readTarget } from '../target.ts';

export const summarize = defineCommand({
  name: 'summarize',
  usage: 'summarize owner/repo | run address',
  summary: 'explains the last failing run of a repository, or one run; only you see the answer',
  examples: ['summarize acme/web', 'summarize https://github.com/acme/web/actions/runs/17234567890'],
  needs: 'summary.request',
  args: z.tuple([z.string()]),
  problem: 'Tell me one repository, or the address of one workflow run.',
  async run({ ports, options, asker, channelId, requestKey, responseUrl, say }, [word]) {
    const outcome = readTarget(word, options.githubWebUrl);
    if (outcome.kind !== 'target') return unreadableTargetMessage(outcome);
    const { target } = outcome;
    // Said before the work is queued: a quick worker must not be overtaken by "looking".
    await say(lookingMessage(target));
    await requestSummary(ports, { ...asker, channelId, target, responseUrl, requestKey });
    return null;
  },
});
