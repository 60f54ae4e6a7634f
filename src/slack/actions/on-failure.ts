import type { BlockAction } from '@slack/bolt';
import { authorizeRerun } from '../../auth/rerun.ts';
import type { Failure } from '../../domain/failure.ts';
import type { FailureAction } from '../../domain/handling.ts';
import { FailureId } from '../../domain/ids.ts';
import type { Asker } from '../../domain/member.ts';
import type { Message } from '../../domain/message.ts';
import { refusedMessage } from '../../messages/errors.ts';
import { actionReply, rerunReply } from '../../messages/handling-replies.ts';
import { act } from '../../notify/act.ts';
import { rerunFailedJobs } from '../../pipeline/rerun.ts';
import { ACTION_NEEDS } from '../failure-needs.ts';
import { askerOf, isAllowed, type ListenerContext, type RequestContext } from '../listener.ts';

/** A click on something about a failure; the value is its id, as our own buttons say it. */
export interface FailureClick {
  asker: Asker;
  failureId: string | undefined;
  say: (message: Message) => Promise<void>;
}

export function readFailureClick(
  context: ListenerContext,
  { body, request, failureId }: { body: BlockAction; request: RequestContext; failureId: string | undefined },
): FailureClick {
  const { response_url: responseUrl } = body;
  return {
    asker: askerOf(request, body.user.id),
    failureId,
    say: (message) => context.respond(responseUrl, message, { replaceOriginal: false }),
  };
}

/** The failure of a click, if it is still open; otherwise the person is told what became of it. */
export async function findOpenFailure(
  { ports }: ListenerContext,
  { asker, failureId, say }: FailureClick,
): Promise<Failure | null> {
  const nothing = { kind: 'unmark-flaky' } as const;
  const id = FailureId.safeParse(failureId);
  const failure = id.success ? await ports.failures.find(asker.workspaceId, id.data) : null;
  if (failure?.status === 'open') return failure;
  await say(actionReply(failure === null ? { kind: 'gone' } : { kind: failure.status, failure }, nothing));
  return null;
}

/** Does it, if this person may, and tells them what came of it. */
export async function actOnFailure(
  context: ListenerContext,
  { asker, failureId, say }: FailureClick,
  action: FailureAction,
): Promise<void> {
  if (!(await isAllowed(context, { asker, action: ACTION_NEEDS[action.kind], refuse: say }))) return;
  const id = FailureId.safeParse(failureId);
  if (!id.success) return say(actionReply({ kind: 'gone' }, action));
  await say(actionReply(await act(context.ports, { asker, failureId: id.data, action }), action));
}

/** Runs the failed jobs again, if this person may. */
export async function rerunFailure(
  { ports }: ListenerContext,
  { asker, failureId, say }: FailureClick,
  debug: boolean,
): Promise<void> {
  const id = FailureId.safeParse(failureId);
  const failure = id.success ? await ports.failures.find(asker.workspaceId, id.data) : null;
  const right = await authorizeRerun(ports, asker, failure?.repository ?? null);
  if (right.kind === 'refused') {
    ports.log.info({ ...asker, action: 'run.rerun', role: right.role }, 'Refused: the role does not suffice');
    return say(refusedMessage(right.needs));
  }
  if (failure === null) return say(rerunReply({ kind: 'gone' }));
  const isLimited = right.kind === 'limited';
  await say(rerunReply(await rerunFailedJobs(ports, { asker, failureId: failure.id, debug, isLimited })));
}
