import type { Readable } from 'node:stream';
import { LinkStopped, type ThreadLink } from './thread-link.ts';

/** Of a passing log, so much is enough: what stands beyond counts as new. */
const PASSING_LIMIT = 64 * 1024 * 1024;

/** Brings the source to the thread. Rejects with what the source rejects with, and never resolves: the thread has the answer. */
export async function pump(source: Readable, link: ThreadLink): Promise<never> {
  try {
    for await (const chunk of source.iterator({ destroyOnReturn: true })) await link.send(chunk);
    link.end();
  } catch (error) {
    if (!(error instanceof LinkStopped)) throw error;
  }
  return await new Promise<never>(() => {});
}

/** The same for a log that is only compared with. Never rejects: without it the thread goes on alone. */
export async function pumpPassing(passing: Promise<Readable | null>, link: ThreadLink): Promise<void> {
  try {
    const source = await passing;
    if (source === null) return link.stop();
    source.on('error', () => {}); // what it has to say after we let it go
    let bytes = 0;
    for await (const chunk of source.iterator({ destroyOnReturn: true })) {
      bytes += chunk.length;
      await link.send(chunk);
      if (bytes >= PASSING_LIMIT) break;
    }
    return link.end();
  } catch {
    return link.stop();
  }
}
