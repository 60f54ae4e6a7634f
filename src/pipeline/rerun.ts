import type { FailureId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { Ports, RerunAnswer, RerunOutcome } from '../domain/ports.ts';
import type { RunProtection } from '../domain/reruns.ts';
import type { RunRef } from '../domain/run.ts';

type Deps = Pick<Ports, 'reruns' | 'rerunner' | 'runProtection' | 'queue' | 'clock' | 'log'>;

/** GitHub answers within seconds, or not at all. */
const WITHIN_MS = 15_000;

type Answer = { kind: RerunAnswer } | Exclude<RunProtection, { kind: 'free' }>;

interface RerunRequest {
  asker: Asker;
  failureId: FailureId;
  debug: boolean;
  /** Only if no protected environment can be reached. */
  isLimited: boolean;
}

/**
 * Has GitHub run the failed jobs of a failure's last attempt again. The attempt is taken before GitHub is asked, so two people
 * start one re-run. Throws GitHubUnavailableError.
 */
export async function rerunFailedJobs(deps: Deps, request: RerunRequest): Promise<RerunOutcome> {
  const { reruns, clock, log, queue } = deps;
  const { asker, failureId, debug } = request;
  const reservation = await reruns.reserve(asker, failureId, clock.now());
  if (reservation.kind !== 'reserved') return reservation;
  const { run } = reservation;
  const answer = await ask(deps, request, run);
  log.info({ ...asker, failureId, ...run, debug, answer: answer.kind }, 'Person asked for a re-run');
  if (answer.kind === 'started')
    void queue.wake(await reruns.confirm(asker, failureId, { run, debug, at: clock.now() }));
  else await reruns.release(asker, run);
  return answer;
}

async function ask(deps: Deps, { asker, debug, isLimited }: RerunRequest, run: RunRef): Promise<Answer> {
  const { rerunner, runProtection, reruns } = deps;
  const { workspaceId } = asker;
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    const protection = isLimited ? await runProtection.ofRun(workspaceId, run, signal) : null;
    if (protection !== null && protection.kind !== 'free') return protection;
    return { kind: await rerunner.rerunFailedJobs(workspaceId, run, { debug, signal }) };
  } catch (error) {
    // Should GitHub have started it all the same, it says so to whoever tries next.
    await reruns.release(asker, run);
    throw error;
  }
}
