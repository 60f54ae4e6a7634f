import { expect, test } from '@jest/globals';
import { openPostgres } from '../../src/db/connection.ts';
import { createDatabase } from '../../src/db/database.ts';
import { DatabaseUnavailableError } from '../../src/errors.ts';
import { quietLog } from '../support/database-log.ts';
import { describeDatabase } from '../support/database.ts';
import { openProxy } from '../support/fake-network.ts';
import { aDelivery, aWorkspaceId } from './samples.ts';

describeDatabase('a server whose connections died without a word, as in a failover', 'PostgreSQL', (open) => {
  test('costs what was asked on them, and nothing after', async () => {
    const url = new URL(open().url ?? '');
    const proxy = await openProxy(Number(url.port));
    url.port = String(proxy.port);
    const connection = await openPostgres(url.href, quietLog, { main: 400, intake: 400 });
    const database = createDatabase(connection, open().encryptionKey);
    const { jobs, workspaces, intake } = database.stores;
    // By the driver, by the ORM, and through the intake's own connections.
    const ask = () =>
      Promise.allSettled([jobs.takeDue(1), workspaces.isActive(aWorkspaceId()), intake.accept(aDelivery())]);
    const isAnswered = ({ status }: PromiseSettledResult<unknown>) => status === 'fulfilled';
    expect((await ask()).map(isAnswered)).toEqual([true, true, true]);

    proxy.swallow();
    const lost = await ask();
    const next = await ask();

    const unavailable = { status: 'rejected', reason: expect.any(DatabaseUnavailableError) };
    expect(lost).toEqual([unavailable, unavailable, unavailable]);
    expect(next.map(isAnswered)).toEqual([true, true, true]);
    proxy.swallow();
    await database.close();
    await proxy.close();
  });
});
