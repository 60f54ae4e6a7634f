import type { FailureAction } from '../domain/handling.ts';
import type { FailureId } from '../domain/ids.ts';
import type { Asker } from '../domain/member.ts';
import type { ActionOutcome, Ports } from '../domain/ports.ts';

type Deps = Pick<Ports, 'failureActions' | 'queue' | 'clock' | 'log'>;

/** Does something about a failure; its messages follow. Throws DatabaseUnavailableError. */
export async function act(
  { failureActions, queue, clock, log }: Deps,
  { asker, failureId, action }: { asker: Asker; failureId: FailureId; action: FailureAction },
): Promise<ActionOutcome> {
  const outcome = await failureActions.apply(asker, failureId, { action, at: clock.now() });
  // What a lost wake-up leaves behind, the sweep finds; the person does not wait for it.
  if (outcome.kind === 'done') void queue.wake(outcome.jobIds);
  log.info({ ...asker, failureId, action: action.kind, outcome: outcome.kind }, 'Person acted on a failure');
  return outcome;
}
