import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Ports } from '../domain/ports.ts';
import { GitHubLimitedError } from '../errors.ts';
import { toAppError, waitMs } from './errors.ts';
import { createFairTurns } from './fair-turns.ts';

/**
 * Questions at once in the name of one installation. GitHub takes a hundred from everybody who uses its budget; more than a handful
 * make nothing faster here.
 */
const PLACES = 8;

const Place = z.object({ owner: z.string(), repo: z.string() });
const Headers = z.record(z.string(), z.unknown());
const Failed = z.object({ response: z.object({ headers: Headers }).optional().catch(undefined) });

/**
 * Keeps to what GitHub allows one installation. Its repositories take turns, and once GitHub has said that the budget is used up, or
 * that we ask too fast, nothing is asked until the time that it named: GitHub counts also what it refuses.
 */
export function keepLane(octokit: Octokit, { clock, metrics, log, name }: LaneOptions): void {
  const turns = createFairTurns(PLACES);
  let closedUntil = 0;

  function refuseWhileClosed(): void {
    const leftMs = closedUntil - clock.now().getTime();
    if (leftMs <= 0) return;
    metrics.githubRequests.add(1, { outcome: 'held-back' });
    throw new GitHubLimitedError('GitHub limits our requests', { retryAfterMs: leftMs });
  }

  function close(forMs: number): void {
    const until = clock.now().getTime() + forMs;
    if (until <= closedUntil) return;
    closedUntil = until;
    log.warn({ lane: name, forMs }, 'GitHub limits our requests, none are made for a while');
  }

  octokit.hook.wrap('request', async (request, options) => {
    // Asked for in the middle of another question, which has the place.
    if (isForToken(options.url)) return await request(options);
    return await turns.take(repositoryOf(options), async () => {
      refuseWhileClosed();
      try {
        const response = await request(options);
        metrics.githubRequests.add(1, { outcome: 'answered' });
        const usedUpMs = untilReset(response.headers, clock.now().getTime());
        if (usedUpMs !== null) close(usedUpMs);
        return response;
      } catch (error) {
        const failure = toAppError(error, clock.now().getTime());
        const isLimited = failure instanceof GitHubLimitedError;
        metrics.githubRequests.add(1, { outcome: isLimited ? 'limited' : outcomeOf(error) });
        if (isLimited && isOfCore(headersOf(error))) close(failure.retryAfterMs ?? 0);
        throw error;
      }
    });
  });
}

export type LaneOptions = Pick<Ports, 'clock' | 'metrics' | 'log'> & { name: string };

/** Octokit asks for a token in the middle of the question that needs it. */
export function isForToken(url: string): boolean {
  return url.endsWith('/access_tokens');
}

function repositoryOf(options: object): string {
  const { success, data } = Place.safeParse(options);
  return success ? `${data.owner}/${data.repo}` : '';
}

/** The budget is used up with this answer; null where some of it is left. */
function untilReset(headers: object, nowMs: number): number | null {
  const known = Headers.parse(headers);
  return isOfCore(known) ? (waitMs(known, nowMs) ?? null) : null;
}

/** Searching has a budget of its own. */
function isOfCore({ 'x-ratelimit-resource': resource }: Record<string, unknown>): boolean {
  return resource === undefined || resource === 'core';
}

function headersOf(error: unknown): Record<string, unknown> {
  return Failed.safeParse(error).data?.response?.headers ?? {};
}

function outcomeOf(error: unknown): string {
  const status = z.object({ status: z.number() }).safeParse(error).data?.status ?? 0;
  if (status === 304) return 'unchanged';
  return status >= 500 || status === 0 ? 'failed' : 'refused';
}
