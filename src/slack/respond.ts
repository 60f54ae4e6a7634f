import type { Message } from '../domain/message.ts';
import { MalformedRequestError, MessageGoneError, MessageRefusedError, SlackUnavailableError } from '../errors.ts';
import type { SlackOptions } from './options.ts';

const TIMEOUT_MS = 5_000;

/** Where Slack's answer addresses live. */
const SLACK_HOST = 'hooks.slack.com';

/** Answers a command or a click, for the person's eyes only. */
export type Respond = (responseUrl: string, message: Message, options: { replaceOriginal: boolean }) => Promise<void>;

/**
 * Posts to the address that Slack gave for the answer. Addresses travel through our own queue, so only Slack's host and
 * that of the configured API are taken. Throws MessageGoneError when the address has expired (30 minutes, five answers).
 */
export function createRespond({ apiUrl }: Pick<SlackOptions, 'apiUrl'>): Respond {
  const api = new URL(apiUrl);
  return async (responseUrl, { text, blocks }, { replaceOriginal }) => {
    if (!isTrusted(responseUrl, api)) throw new MalformedRequestError('The answer address is not one of Slack');
    const body = { response_type: 'ephemeral', replace_original: replaceOriginal, text, blocks, mrkdwn: false };
    const response = await send(responseUrl, JSON.stringify(body));
    await response.body?.cancel();
    if (response.ok) return;
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    throw refusal(response.status, Number.isFinite(retryAfter) ? retryAfter * 1_000 : undefined);
  };
}

async function send(url: string, body: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new SlackUnavailableError('Slack did not take the answer', { cause: error });
  }
}

function refusal(status: number, retryAfterMs: number | undefined): Error {
  if (status === 404 || status === 410) return new MessageGoneError('The answer address has expired');
  if (status === 429 || status >= 500) {
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return new SlackUnavailableError(`Slack answered HTTP ${status} to an answer`, wait);
  }
  return new MessageRefusedError(`Slack refuses the answer: HTTP ${status}`);
}

function isTrusted(responseUrl: string, api: URL): boolean {
  if (!URL.canParse(responseUrl)) return false;
  const { protocol, host } = new URL(responseUrl);
  return (protocol === 'https:' && host === SLACK_HOST) || (protocol === api.protocol && host === api.host);
}
