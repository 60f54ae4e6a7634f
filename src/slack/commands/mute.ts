import type { GitHubSite } from '../../domain/github-apps.ts';
import { z } from 'zod';
import { readMoment, type Desk } from '../../domain/moments.ts';
import type { MuteScope } from '../../domain/ports.ts';
import { MUTE_MOST_DAYS, mutedReply, muteProblemReply, unmutedReply, type MuteProblem } from '../../messages/mute.ts';
import { mute, unmute } from '../../notify/mute.ts';
import { defineCommand } from '../command.ts';
import { readRepository } from '../target.ts';

const USUAL = '1h';
const MOST_MS = MUTE_MOST_DAYS * 24 * 60 * 60_000;

type Wish = { kind: 'mute'; scope: MuteScope; until: Date } | { kind: 'problem'; problem: MuteProblem };

export const muteHere = defineCommand({
  name: 'mute',
  usage: 'mute [duration|until] [owner/repo]',
  summary: 'lets this channel hear of nothing new for a time, one hour unless you say; mute off ends it',
  examples: ['mute', 'mute 4h', 'mute until tomorrow acme/web', 'mute off'],
  needs: 'channel.mute',
  args: z.array(z.string()).max(3),
  problem: 'Tell me a time and a repository at most.',
  async run({ ports, options, asker, channelId }, words) {
    if (words.length === 1 && words[0]?.toLowerCase() === 'off') {
      return unmutedReply(await unmute(ports, { asker, channelId }));
    }
    const desk = { now: ports.clock.now(), timeZone: (await ports.directory.timeZone(asker)) ?? 'UTC' };
    const wish = readWish(words, desk, options.githubSites());
    if (wish.kind === 'problem') return muteProblemReply(wish.problem);
    const { scope, until } = wish;
    await mute(ports, { asker, channelId, scope, until });
    return mutedReply(scope, until);
  },
});

function readWish(typed: readonly string[], desk: Desk, sites: readonly GitHubSite[]): Wish {
  const words = typed[0]?.toLowerCase() === 'until' ? typed.slice(1) : typed;
  const [first = USUAL, ...others] = words;
  const moment = readMoment(first.toLowerCase(), desk);
  const rest = moment === null ? words : others;
  const until = moment ?? readMoment(USUAL, desk);
  const scope = readScope(rest, sites);
  // "until" promises a time.
  const isPromised = words.length === typed.length || moment !== null;
  if (until === null || scope === null || !isPromised) return { kind: 'problem', problem: 'unreadable' };
  const forMs = until.getTime() - desk.now.getTime();
  if (forMs <= 0) return { kind: 'problem', problem: 'past' };
  return forMs > MOST_MS ? { kind: 'problem', problem: 'too-long' } : { kind: 'mute', scope, until };
}

function readScope(words: readonly string[], sites: readonly GitHubSite[]): MuteScope | null {
  const [word, ...more] = words;
  if (word === undefined) return '*';
  const outcome = readRepository(word, sites);
  return more.length === 0 && outcome.kind === 'repository' ? outcome.repository : null;
}
