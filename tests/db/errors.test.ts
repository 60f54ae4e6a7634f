import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import { UserId } from '../../src/domain/ids.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { describeBothDatabases } from '../support/database.ts';
import { aDelivery, aJob, aLease, aWorkspaceId } from './samples.ts';

describeBothDatabases('what goes wrong in the database', (open) => {
  test('is reported without the values that were to be stored', async () => {
    const { stores, sql } = open();
    const secret = randomUUID().replaceAll('-', '').toUpperCase();
    const lease = await aLease(stores);
    for (const table of ['events', 'users', 'jobs']) {
      await sql(`alter table ${table} add constraint ${table}_refused check (false) not valid`);
    }
    const hash = Buffer.from(secret);
    const asker = { workspaceId: aWorkspaceId(), userId: UserId.parse(`U${secret.slice(0, 20)}`) };

    const outcomes = await Promise.allSettled([
      stores.intake.accept(aDelivery({ deliveryId: secret, body: Buffer.from(secret), bodyHash: hash })),
      stores.users.saveRole(asker, 'admin', new Date()),
      stores.jobs.enqueue([aJob({ dedupeKey: secret })]),
      stores.jobs.bury(lease, secret),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'rejected'));
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(reasons[0]).toBeInstanceOf(DatabaseUnavailableError);
    const shown = inspect(reasons, { depth: 10, showHidden: true });
    expect(shown).toContain('users_refused');
    for (const value of [secret, secret.slice(0, 20), hash.toString('hex').slice(0, 40)]) {
      expect(shown).not.toContain(value);
    }
    expect(shown).not.toContain('Uint8Array');
  });
});
