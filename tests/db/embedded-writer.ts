// Takes the embedded database in the folder of its first argument, and tells on its output how that went: `locked`, or
// `open`, and from then on the hash of each delivery that was accepted. It goes on until it is killed.
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { connectDatabase } from '../../src/db/database.ts';
import { DataFolderLockedError } from '../../src/errors.ts';
import { quietLog } from '../support/database-log.ts';
import { aDelivery } from './samples.ts';

const [dataDir = ''] = process.argv.slice(2);

try {
  const database = await connectDatabase({ url: null, dataDir, encryptionKey: randomBytes(32), log: quietLog });
  console.log('open');
  for (;;) {
    const batch = Array.from({ length: 5 }, () => aDelivery({ body: randomBytes(2000) }));
    await Promise.all(
      batch.map(async (delivery) => {
        await database.stores.intake.accept(delivery);
        console.log(delivery.bodyHash.toString('hex'));
      }),
    );
    // PGlite answers within the same turn; without this no timer, and so no sign of life, would get its turn.
    await setImmediate();
  }
} catch (error) {
  if (!(error instanceof DataFolderLockedError)) throw error;
  console.log('locked');
}
