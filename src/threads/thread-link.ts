import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { toTransferable } from './chunks.ts';
import type { FromThread, ToThread } from './digest-thread.ts';

/** Bytes on their way to the thread at most; the source waits for the rest. */
const WINDOW = 1024 * 1024;

/** Our end of the way on which one log's bytes go to a thread. */
export interface ThreadLink {
  /** The thread's end. */
  readonly far: MessagePort;
  /** Sends the bytes, and resolves when there is room for more. Rejects when the link was stopped meanwhile. */
  send(chunk: Uint8Array): Promise<void>;
  end(): void;
  /** Nothing goes this way any more; a thread that is still reading is told. */
  stop(): void;
  /** For when the thread is done with it. */
  close(): void;
  /** The thread that took the log on; null while none did. */
  threadId(): number | null;
  /** Rejects when we wait for the thread and it says nothing for so long: it hangs, or never began. */
  readonly silence: Promise<never>;
}

/** Nobody waits for what was to be sent. */
export class LinkStopped extends Error {
  override readonly message = 'The link to the thread was stopped';
}

export class ThreadSilent extends Error {
  override readonly message = 'The thread that reads the log is silent';
}

export function openLink({ silenceMs }: { silenceMs: number }): ThreadLink {
  const { port1: near, port2: far } = new MessageChannel();
  const silence = Promise.withResolvers<never>();
  silence.promise.catch(() => {}); // whoever waits for it is told as well
  let room = Promise.withResolvers<void>();
  let threadId: number | null = null;
  let unread = 0;
  let isEnded = false;
  let isStopped = false;
  const timer = setTimeout(() => {
    if (unread > 0 || isEnded) silence.reject(new ThreadSilent());
  }, silenceMs);
  timer.unref();
  near.on('message', (message: FromThread) => {
    if (!isStopped) timer.refresh();
    if (message.kind === 'started') threadId = message.threadId;
    else unread -= message.bytes;
    if (unread < WINDOW) room.resolve();
  });
  near.unref(); // the pool keeps the process alive while a thread reads
  const tell = (message: ToThread, transfer: ArrayBuffer[] = []): void => {
    if (unread === 0 && !isStopped) timer.refresh();
    near.postMessage(message, transfer);
  };
  return {
    far,
    silence: silence.promise,
    threadId: () => threadId,
    async send(chunk) {
      if (isStopped) throw new LinkStopped();
      const bytes = toTransferable(chunk);
      const { byteLength } = bytes;
      tell({ kind: 'chunk', bytes }, [bytes.buffer]);
      unread += byteLength;
      if (unread < WINDOW) return;
      room = Promise.withResolvers<void>();
      await room.promise;
      if (isStopped) throw new LinkStopped();
    },
    end() {
      tell({ kind: 'end' });
      isEnded = true;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      if (!isEnded) tell({ kind: 'stop' });
      room.resolve();
    },
    close: () => near.close(),
  };
}
