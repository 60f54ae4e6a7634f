import { setTimeout as wait } from 'node:timers/promises';
import type { Ack } from '../contract.ts';
import type { Fields } from '../fields.ts';
import { newId, type Team, type World } from '../world.ts';
import { VERIFICATION_TOKEN, type AppClient } from './app-client.ts';

/** Slack tries again at once, after a minute and after five; the local one does not make anybody wait so long. */
const RETRY_DELAYS = [0, 1_000, 5_000];

export interface EventSender {
  send(type: string, teamId: string, fields: Fields): Promise<Ack & { eventId: string }>;
  redeliver(eventId: string, retry: { num: number; reason: string }): Promise<Ack>;
  verifyUrl(): Promise<Ack>;
  close(): void;
}

export function buildEventSender(
  world: World,
  app: AppClient,
  retryDelaysMs: readonly number[] = RETRY_DELAYS,
): EventSender {
  const sent = new Map<string, { subject: string; json: Fields }>();
  const closing = new AbortController();

  async function deliver(eventId: string, retry?: { num: number; reason: string }): Promise<Ack> {
    const event = sent.get(eventId);
    if (!event) throw new Error(`No event ${eventId} was sent`);
    return app.send({ endpoint: 'events', kind: 'event', eventId, ...event, ...(retry ? { retry } : {}) });
  }

  async function retryUntilTaken(eventId: string, first: Ack): Promise<void> {
    let last = first;
    for (const [index, delay] of retryDelaysMs.entries()) {
      if (isTaken(last) || closing.signal.aborted) return;
      if (delay > 0) await wait(delay, undefined, { ref: false, signal: closing.signal });
      last = await deliver(eventId, { num: index + 1, reason: reasonFor(last) });
    }
  }

  return {
    async send(type, teamId, fields) {
      const team = world.teams.get(teamId);
      if (!team) throw new Error(`No team ${teamId} in the local Slack`);
      const eventId = newId('Ev');
      sent.set(eventId, { subject: type, json: envelope(world, team, { eventId, type, fields }) });
      const ack = await deliver(eventId);
      // A closed sandbox ends the waits; there is nobody left to tell.
      retryUntilTaken(eventId, ack).catch(() => undefined);
      return { ...ack, eventId };
    },
    redeliver: (eventId, retry) => deliver(eventId, retry),
    verifyUrl: () =>
      app.send({
        endpoint: 'events',
        kind: 'url_verification',
        subject: 'url_verification',
        json: { type: 'url_verification', token: VERIFICATION_TOKEN, challenge: newId('challenge') },
      }),
    close: () => closing.abort(),
  };
}

function isTaken({ status }: Ack): boolean {
  return status >= 200 && status < 300;
}

function reasonFor({ status, body }: Ack): string {
  return status === 0 ? body : 'http_error';
}

function envelope(
  world: World,
  team: Team,
  { eventId, type, fields }: { eventId: string; type: string; fields: Fields },
): Fields {
  // The newest install, dead or alive: the news that it died is an event too.
  const grant = [...world.grants.values()].findLast((known) => known.teamIds.includes(team.id));
  const isOrgWide = (grant?.enterpriseId ?? null) !== null;
  const enterpriseId = team.enterprise?.id ?? null;
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    ...(enterpriseId ? { enterprise_id: enterpriseId } : {}),
    context_team_id: team.id,
    context_enterprise_id: enterpriseId,
    api_app_id: world.appId,
    event: { type, event_ts: world.nextTs(), ...fields },
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      {
        enterprise_id: enterpriseId,
        team_id: isOrgWide ? null : team.id,
        user_id: team.botUserId,
        is_bot: true,
        is_enterprise_install: isOrgWide,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${eventId}`,
  };
}
