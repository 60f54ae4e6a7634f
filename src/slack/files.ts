import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ChannelId, MessageTs } from '../domain/ids.ts';
import type { TextFile } from '../domain/message.ts';
import { SlackUnavailableError } from '../errors.ts';

/** docs.slack.dev/reference/methods/files.getUploadURLExternal */
const Upload = z.object({ upload_url: z.url({ protocol: /^https?$/u }), file_id: z.string().min(1).max(50) });

const UPLOAD_TIMEOUT_MS = 10_000;

interface Sharing {
  token: string;
  place: { channelId: ChannelId; threadTs: MessageTs };
  file: TextFile;
  /** Asked when the file lies ready and nobody sees it yet. */
  mayShare: () => Promise<boolean>;
}

/** Uploads a text and shares it in a thread, in the three steps that Slack has for it. */
export async function shareFile(client: WebClient, { token, place, file, mayShare }: Sharing): Promise<void> {
  const bytes = Buffer.from(file.text, 'utf8');
  const asked = { token, filename: file.name, length: bytes.length, snippet_type: 'text' };
  const upload = Upload.parse(await client.files.getUploadURLExternal(asked));
  await send(upload.upload_url, bytes);
  if (!(await mayShare())) return;
  await client.files.completeUploadExternal({
    token,
    files: [{ id: upload.file_id, title: file.title }],
    channel_id: place.channelId,
    thread_ts: place.threadTs,
  });
}

/** The address is good for one upload and needs no token, so it is given none. */
async function send(address: string, bytes: Buffer): Promise<void> {
  try {
    const signal = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
    const body = new Uint8Array(bytes);
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch(address, { method: 'POST', headers, body, redirect: 'error', signal });
    await response.body?.cancel();
    if (response.ok) return;
    throw new SlackUnavailableError(`Slack answered an upload with HTTP ${response.status}`);
  } catch (error) {
    if (error instanceof SlackUnavailableError) throw error;
    throw new SlackUnavailableError('Slack did not take an upload', { cause: error });
  }
}
