import { z } from 'zod';
import { EMPTY_FORM } from '../../domain/rules/fields.ts';
import { followReply } from '../../messages/rule-file.ts';
import { subscribeReply } from '../../messages/subscription.ts';
import { followFile } from '../../notify/rule-file.ts';
import { subscribe } from '../../notify/subscribe.ts';
import { defineCommand } from '../command.ts';
import { readAsCode, readRuleLine } from '../rule-line.ts';
import { openRuleWindow } from '../rule-window.ts';

export const subscribeHere = defineCommand({
  name: 'subscribe',
  usage: 'subscribe [owner/repo [conditions]]',
  summary: 'lets this channel hear when a workflow of the repository fails, and when it passes again',
  examples: [
    'subscribe',
    'subscribe acme/web',
    'subscribe https://github.com/acme/web',
    'subscribe acme/* branch:default',
    'subscribe acme/web on:failure branch:main,release/* -actor:*[bot]',
    'subscribe acme/web workflow:"Deploy to production" verdict:new',
    'subscribe acme/web label:release path:services/cart/** -path:**.md',
    'subscribe acme/web on:always workflow:nightly',
    'subscribe acme/web env:production state:failure',
    'subscribe acme/web on:check,pull_request,release -label:wip',
    'subscribe acme/web quiet:22:00-07:00@Europe/Berlin',
    'subscribe acme/* digest:weekly@mon@09:00',
    'subscribe acme/web branch:default mention:codeowners,@oncall',
    'subscribe topic:payments branch:default',
    'subscribe team:acme/platform',
    'subscribe acme/web as-code',
  ],
  needs: 'subscription.manage',
  args: z.array(z.string()),
  problem: 'Tell me one repository, topic or team, and behind it what you want to hear of, if not everything.',
  async run(call, words) {
    const { ports, options, asker, channelId } = call;
    if (words.length === 0) {
      await openRuleWindow(call, { form: EMPTY_FORM });
      return null;
    }
    const repository = readAsCode(words, options.githubSites());
    if (repository !== null) {
      const outcome = await followFile(ports, { asker, channelId, repository });
      return outcome.kind === 'following' ? followReply(outcome) : subscribeReply(outcome);
    }
    const typed = readRuleLine(words, options.githubSites());
    if (typed.kind === 'unreadable') return typed.answer;
    return subscribeReply(await subscribe(ports, { asker, channelId, rule: typed.rule, isSeen: false }));
  },
});
