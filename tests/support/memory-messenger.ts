import { MessageTs } from '../../src/domain/ids.ts';
import type { Message, MessageKey, TextFile } from '../../src/domain/message.ts';
import type { Messenger, Place } from '../../src/domain/ports.ts';
import { readable } from './hostile.ts';

export interface PostedMessage {
  ts: MessageTs;
  place: Place;
  key: string;
  message: Message;
  edits: number;
}

type Act = 'post' | 'update' | 'attach' | 'findPosted' | 'respond';

export interface MemoryMessenger extends Messenger {
  posted: PostedMessage[];
  files: Array<TextFile & { threadTs: MessageTs }>;
  responses: Array<{ url: string; message: Message }>;
  calls: Act[];
  /** A call of `act` fails: the next one, or one after `skip` others; with `isDone`, though it was done (a lost answer). */
  failNext(act: Act, error: Error, how?: { isDone?: boolean; skip?: number }): void;
  /** Whether old messages may be looked through. */
  mayLook: boolean;
  /** A channel as text: parents, with their replies indented. */
  read(channelId: string): string[];
}

/** A messenger that keeps what it is given, as Slack would. */
export function memoryMessenger(): MemoryMessenger {
  const failures: Array<{ act: Act; error: Error; isDone: boolean; skip: number }> = [];
  const run = async <Result>(act: Act, work: () => Result | Promise<Result>): Promise<Result> => {
    messenger.calls.push(act);
    const next = failures.find((each) => each.act === act);
    if (next !== undefined) next.skip -= 1;
    const failure = next !== undefined && next.skip < 0 ? next : undefined;
    if (failure) failures.splice(failures.indexOf(failure), 1);
    if (failure && !failure.isDone) throw failure.error;
    const result = await work();
    if (failure) throw failure.error;
    return result;
  };
  const add = (place: Place, message: Message, { key }: MessageKey): MessageTs => {
    const ts = MessageTs.parse(`1700000000.${String(messenger.posted.length + 1).padStart(6, '0')}`);
    messenger.posted.push({ ts, place, key, message, edits: 0 });
    return ts;
  };
  const messenger: MemoryMessenger = {
    posted: [],
    files: [],
    responses: [],
    calls: [],
    mayLook: true,
    failNext: (act, error, { isDone = false, skip = 0 } = {}) => void failures.push({ act, error, isDone, skip }),
    read: (channelId) =>
      messenger.posted
        .filter(({ place }) => place.channelId === channelId)
        .map(({ place, message }) => `${place.threadTs === undefined ? '' : '  '}${readable(message).split('\n')[0]}`),
    post: (_workspaceId, place, message, key) => run('post', () => add(place, message, key)),
    update: (_workspaceId, { ts, onTurn }, message) =>
      run('update', async () => {
        await onTurn?.();
        const found = messenger.posted.find((posted) => posted.ts === ts);
        if (found) Object.assign(found, { message, edits: found.edits + 1 });
      }),
    attach: (_workspaceId, { threadTs }, { file, mayShare }) =>
      run('attach', async () => {
        if (await mayShare()) messenger.files.push({ threadTs, ...file });
      }),
    findPosted: (_workspaceId, place, { key }) =>
      run('findPosted', () => {
        const found = messenger.posted.find((each) => each.key === key && each.place.channelId === place.channelId);
        return messenger.mayLook ? (found?.ts ?? null) : null;
      }),
    respond: (url, message) => run('respond', () => void messenger.responses.push({ url, message })),
    startStream: async () => null,
    appendStream: () => Promise.reject(new Error('Nothing here streams')),
    stopStream: () => Promise.reject(new Error('Nothing here streams')),
    unfurl: () => Promise.reject(new Error('Nothing here shows links')),
    whisper: () => Promise.reject(new Error('Nothing here whispers')),
    publishHome: () => Promise.reject(new Error('Nothing here publishes a Home')),
    openModal: () => Promise.reject(new Error('Nothing here opens a window')),
  };
  return messenger;
}
