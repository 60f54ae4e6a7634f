import { LogLevel } from '@slack/bolt';
import type { Logger } from '@slack/oauth';
import type { Log } from '../domain/ports.ts';

/**
 * Slack's libraries log to ours. Their debug lines hold request bodies, so they are dropped; their errors are mostly what a
 * person at the other end did (a forged signature, a cancelled installation), so they are warnings here.
 */
export function slackLogger(log: Log): Logger {
  const to =
    (level: 'info' | 'warn') =>
    (...parts: unknown[]) =>
      log[level]({ detail: parts.map(describe).join(' ') }, 'Slack library reported');
  return {
    debug() {},
    info: to('info'),
    warn: to('warn'),
    error: to('warn'),
    setLevel() {},
    setName() {},
    getLevel: () => LogLevel.INFO,
  };
}

function describe(part: unknown): string {
  if (part instanceof Error) return `${part.name}: ${part.message}`;
  return typeof part === 'string' ? part : typeof part;
}
