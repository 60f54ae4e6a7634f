import { z } from 'zod';
import { signState } from '../../auth/connect-token.ts';
import type { InstallationId } from '../../domain/ids.ts';
import type { GitHubSite, Ports } from '../../domain/ports.ts';
import { HOME, serverOf } from '../../domain/servers.ts';
import { AppError } from '../../errors.ts';
import { type Connected, connectMessage, type WayToConnect } from '../../messages/connect.ts';
import { type CommandCall, defineCommand } from '../command.ts';

/** The person waits, and each costs a question to GitHub and a button. */
const ASK_WITHIN_MS = 5_000;
const PAGE = 10;

const Page = z.coerce.number().int().min(1).max(1_000);

export const connect = defineCommand({
  name: 'connect',
  usage: 'connect [PAGE]',
  summary: 'shows which GitHub accounts this workspace sees, connects one more, or ends it; for admins',
  examples: ['connect', 'connect 2'],
  needs: 'github.connect',
  args: z.union([z.tuple([]).transform(() => 1), z.tuple([Page]).transform(([page]) => page)]),
  problem: 'This takes the number of a page of the list, or nothing: the buttons below the list lead to GitHub.',
  async run(call, page) {
    const { ports, asker } = call;
    const signal = AbortSignal.timeout(ASK_WITHIN_MS);
    const ids = await ports.installations.ofWorkspace(asker.workspaceId);
    const before = Math.min((page - 1) * PAGE, ids.length);
    const shown = ids.slice(before, before + PAGE);
    const [ways, connected] = await Promise.all([
      Promise.all(ports.githubServers.sites().map((site) => findWay(call, site, signal))),
      Promise.all(shown.map((id) => lookAt(ports, id, signal))),
    ]);
    const left = ids.length - before - shown.length;
    return connectMessage({ connected, page, before, left, ways: ways.flat() });
  },
});

/** A state for each: one of the two is left over. A server that does not answer keeps nobody from another one. */
async function findWay(
  { ports, options, asker }: CommandCall,
  { number, host }: GitHubSite,
  signal: AbortSignal,
): Promise<WayToConnect[]> {
  const { githubSignIn, githubApp, clock, log } = ports;
  const pages = githubSignIn.pages(number);
  if (pages === null) return [];
  try {
    const { slug } = await githubApp.app(number, signal);
    const newState = () => signState({ key: options.connectKey, clock }, asker, number);
    return [{ host, install: pages.install(slug, newState()), authorize: pages.authorize(newState()) }];
  } catch (error) {
    if (number === HOME.number || !(error instanceof AppError || signal.aborted)) throw error;
    log.warn({ host, error }, 'A GitHub server did not say how its App is called');
    return [];
  }
}

/** What GitHub does not tell in time keeps nobody from ending a link. */
async function lookAt(
  { githubApp, githubServers }: Ports,
  id: InstallationId,
  signal: AbortSignal,
): Promise<Connected> {
  const host = githubServers.sites().find(({ number }) => number === serverOf(id))?.host ?? null;
  try {
    return { id, host, sight: await githubApp.installation(id, signal) };
  } catch (error) {
    if (!(error instanceof AppError || signal.aborted)) throw error;
    return { id, host, sight: 'unknown' };
  }
}
