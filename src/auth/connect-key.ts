import { createHmac } from 'node:crypto';

/** A key of its own for what people carry through a browser while they set up or link GitHub; every process derives the same. */
export function connectKeyOf({ encryptionKey }: { encryptionKey: Buffer }): string {
  return createHmac('sha256', encryptionKey).update('links between GitHub and Slack').digest('hex');
}
