import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, send, sendJson } from './answer.ts';

/** Tells whether a part answers now; one that throws or takes longer than 2 s counts as down. */
type Check = () => Promise<boolean>;

/** Parts by name. */
export interface Checks {
  /** Without one of these we take nothing. */
  vital: Readonly<Record<string, Check>>;
  /** Without one of these we are slower. */
  helpful: Readonly<Record<string, Check>>;
}

export interface MetricsPage {
  render(): Promise<{ type: string; body: string }>;
  /** Who shows it as `Authorization: Bearer` may read. */
  token: string;
}

const CHECK_WITHIN_MS = 2_000;

/** The process lives; nothing more is said to a stranger. */
export function answerHealth(res: ServerResponse): void {
  sendJson(res, 200, { status: 'ok' });
}

/**
 * Whether to send us traffic: not without what is vital, such as the database, and not while stopping. Without the queue we are
 * slower, but take everything in, so that is 200 and `degraded`.
 */
export async function answerReadiness(
  res: ServerResponse,
  { checks, isStopping }: { checks: Checks; isStopping: () => boolean },
): Promise<void> {
  const [vital, helpful] = await Promise.all([askAll(checks.vital), askAll(checks.helpful)]);
  const status = readiness({ isStopping: isStopping(), vital, helpful });
  const parts = [...wordsFor(vital, 'down'), ...wordsFor(helpful, 'degraded')];
  sendJson(res, status === 'ok' || status === 'degraded' ? 200 : 503, { status, ...Object.fromEntries(parts) });
}

type Answers = ReadonlyMap<string, boolean>;

async function askAll(checks: Readonly<Record<string, Check>>): Promise<Answers> {
  const asked = Object.entries(checks).map(async ([name, check]) => [name, await answersInTime(check)] as const);
  return new Map(await Promise.all(asked));
}

function readiness(facts: { isStopping: boolean; vital: Answers; helpful: Answers }): string {
  if (facts.isStopping) return 'stopping';
  if ([...facts.vital.values()].includes(false)) return 'unavailable';
  return [...facts.helpful.values()].includes(false) ? 'degraded' : 'ok';
}

function wordsFor(answers: Answers, otherwise: string): Array<[string, string]> {
  return Array.from(answers, ([name, isUp]) => [name, isUp ? 'up' : otherwise]);
}

async function answersInTime(check: Check): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const deadline = setTimeout(() => late.resolve(false), CHECK_WITHIN_MS);
  try {
    return await Promise.race([check(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(deadline);
  }
}

/** To everybody else this page does not exist. */
export async function answerMetrics(req: IncomingMessage, res: ServerResponse, page: MetricsPage): Promise<void> {
  if (!showsToken(req, page.token)) {
    refuse(res, { status: 404, error: 'not_found', message: 'There is nothing here.' });
    return;
  }
  const { type, body } = await page.render();
  send(res, { status: 200, type, body });
}

function showsToken(req: IncomingMessage, token: string): boolean {
  // Digests have one length, so the comparison tells nothing about the token's.
  const given = sha256(req.headers.authorization ?? '');
  return timingSafeEqual(given, sha256(`Bearer ${token}`)) && token !== '';
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
