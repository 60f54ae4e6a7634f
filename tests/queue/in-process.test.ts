import { createInProcessQueue } from '../../src/queue/in-process.ts';
import { fakeLog } from '../support/fake-log.ts';
import { describeJobQueue } from './job-queue.contract.ts';

describeJobQueue('the queue in the process', async () => createInProcessQueue({ log: fakeLog() }));
