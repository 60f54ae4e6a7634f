import type { AllMiddlewareArgs, AnyMiddlewareArgs } from '@slack/bolt';
import type { Request, RequestHandler } from 'express';
import type { Clock, Ports } from '../domain/ports.ts';
import { notInstalledMessage } from '../messages/errors.ts';
import { FAREWELL_EVENTS } from './events/index.ts';
import { workspaceOf } from './listener.ts';
import type { Respond } from './respond.ts';

/** How far a request's time may be from ours, either way: docs.slack.dev, "Verifying requests from Slack". */
const MAX_SKEW_S = 300;

/** A request is accepted from 5 minutes before to 5 minutes after its time, so it has to be remembered for as long. */
const REPLAY_TTL_MS = 2 * MAX_SKEW_S * 1_000;

/** Bolt refuses requests from the past; those from the future would be good for a replay later, so they are refused too. */
export function refuseFuture(clock: Clock): RequestHandler {
  return (request, response, next) => {
    const stamp = Number(request.get('x-slack-request-timestamp'));
    const nowS = clock.now().getTime() / 1_000;
    if (Number.isFinite(stamp) && stamp - nowS > MAX_SKEW_S) response.status(401).end();
    else next();
  };
}

/** What makes a request that request: its signature, as far as it is checked (anything behind a second `=` is not). */
export function requestProperties(request: Request): { requestKey?: string } {
  const hash = request.get('x-slack-signature')?.split('=')[1];
  return hash === undefined ? {} : { requestKey: hash };
}

/**
 * Acknowledges first, within Slack's three seconds whatever follows. Then lets a request pass once only, and only from a
 * workspace in which the app is installed. The acknowledgement of a window is the answer to what was typed in it, so that one is
 * left to whoever reads it.
 */
export function guard(ports: Pick<Ports, 'receipts' | 'workspaces' | 'log'>, respond: Respond) {
  return async (args: AnyMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const { body, context, next } = args;
    const acknowledge = async (): Promise<void> => {
      if ('ack' in args && typeof args.ack === 'function') await args.ack();
    };
    const isWindow = 'type' in body && body.type === 'view_submission';
    if (!isWindow) await acknowledge();
    const eventId = 'event_id' in body && typeof body.event_id === 'string' ? body.event_id : null;
    const keys = [
      eventId && `slack-event:${eventId}`,
      context['requestKey'] && `slack-request:${context['requestKey']}`,
    ];
    for (const key of keys.filter((each) => typeof each === 'string' && each !== '')) {
      if (!(await ports.receipts.isFirst(String(key), REPLAY_TTL_MS))) {
        ports.log.info({ eventId }, 'Repeated Slack request, acknowledged without effect');
        return isWindow ? acknowledge() : undefined;
      }
    }
    const workspaceId = workspaceOf(context);
    const isFarewell = 'event' in args && FAREWELL_EVENTS.has(args.event.type);
    if (isFarewell || (await ports.workspaces.isActive(workspaceId))) return next();
    ports.log.info({ workspaceId }, 'Request from a workspace without the app');
    if (isWindow) await acknowledge();
    if ('response_url' in body && typeof body.response_url === 'string') {
      await respond(body.response_url, notInstalledMessage(), { replaceOriginal: false });
    }
  };
}
