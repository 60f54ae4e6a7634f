import { randomBytes } from 'node:crypto';
import express, { type Request, type Router } from 'express';
import type { StoredMessage } from '../contract.ts';
import { faultAnswer } from '../api/router.ts';
import type { FaultList } from '../faults.ts';
import { type Fields, flagOf, isFields, parseFields, textOf } from '../fields.ts';
import { addMessage, editMessage, findMessage, removeMessage } from '../messages.ts';
import { refuseMessage } from '../validation/validate.ts';
import { mustFindChannel, mustFindTeam, type World } from '../world.ts';

/** Slack's limits of a response_url: thirty minutes and five answers. */
const LIFE = 30 * 60_000;
const USES = 5;

/** What a response_url answers to. */
export interface Origin {
  channelId: string;
  userId: string;
  /** The message that was clicked; null for a command. */
  message: StoredMessage | null;
}

interface OpenUrl extends Origin {
  at: number;
  uses: number;
}

export interface ResponseUrls {
  /** A new address for this command or click. */
  open(origin: Origin): string;
  /** Applies an answer that came as the body of an acknowledgement. */
  answer(responseUrl: string, answer: Fields): string | null;
  readonly router: Router;
}

export function buildResponseUrls(world: World, faults: FaultList, url: () => string): ResponseUrls {
  const open = new Map<string, OpenUrl>();
  const keyOf = (address: string): string => address.slice(address.lastIndexOf('/') + 1);

  function use(key: string, answer: Fields | null): string | null {
    const origin = open.get(key);
    if (!origin) return 'not_found';
    if (world.now() - origin.at > LIFE) return 'expired_url';
    if (origin.uses >= USES) return 'used_url';
    if (!answer) return 'invalid_payload';
    origin.uses += 1;
    return applyAnswer(world, origin, answer);
  }

  const router = express.Router();
  router.post('/:key', express.text({ type: () => true, limit: '5mb' }), (request, response) => {
    const answer = answerOf(request);
    const fault = faults.take('response_url', '');
    if (fault?.hang) return;
    const faulty = faultAnswer(fault);
    const error = faulty ? textOf(faulty.body, 'error') : use(request.params.key, answer);
    const status = faulty?.status ?? (error ? 404 : 200);
    record(world, { args: answer ?? {}, status, error });
    if (fault?.dropAfterAccept) request.socket.destroy();
    else if (status === 200) response.type('text').send('ok');
    else response.status(status).json({ ok: false, error });
  });

  return {
    router,
    open(origin) {
      const key = randomBytes(12).toString('hex');
      open.set(key, { ...origin, at: world.now(), uses: 0 });
      return `${url()}/response/${key}`;
    },
    answer(responseUrl, answer) {
      const origin = open.get(keyOf(responseUrl));
      return origin ? applyAnswer(world, origin, answer) : 'not_found';
    },
  };
}

/** JSON, or a form whose `payload` is JSON. */
function answerOf(request: Request): Fields | null {
  const body: unknown = request.body;
  if (typeof body !== 'string') return null;
  return parseFields(body) ?? parseFields(new URLSearchParams(body).get('payload') ?? '');
}

/** Shows the answer; returns Slack's error code where it refuses. */
function applyAnswer(world: World, origin: OpenUrl, answer: Fields): string | null {
  const channel = mustFindChannel(world, origin.channelId);
  const shown = origin.message ? findMessage(channel, origin.message.ts) : undefined;
  if (flagOf(answer, 'delete_original')) {
    if (shown) removeMessage(world, channel, shown);
    return null;
  }
  const text = textOf(answer, 'text');
  const refusal = refuseMessage({ text, blocks: answer['blocks'] });
  if (refusal) {
    world.violations.push({ method: 'response_url', ...refusal });
    return refusal.error;
  }
  const blocks = Array.isArray(answer['blocks']) ? answer['blocks'].filter(isFields) : [];
  if (flagOf(answer, 'replace_original') && shown) {
    editMessage(world, shown, { text, blocks });
    return null;
  }
  const { botUserId, botId } = mustFindTeam(world, channel.teamId);
  const isPublic = textOf(answer, 'response_type') === 'in_channel';
  const ephemeralFor = isPublic ? null : origin.userId;
  const threadTs = textOf(answer, 'thread_ts') || (isPublic ? null : (origin.message?.threadTs ?? null));
  const message = addMessage(world, channel, { userId: botUserId, botId, text, blocks, threadTs, ephemeralFor });
  // The next `replace_original` of a command means its own earlier answer.
  origin.message ??= message;
  return null;
}

function record(world: World, { args, status, error }: { args: Fields; status: number; error: string | null }): void {
  world.calls.push({
    method: 'response_url',
    at: Date.now(),
    teamId: null,
    args,
    status,
    ok: status === 200,
    error: error || null,
  });
  world.changed();
}
