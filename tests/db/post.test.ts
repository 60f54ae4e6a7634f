import { describe } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { JobId } from '../../src/domain/ids.ts';
import { describeBothDatabases } from '../support/database.ts';
import { memoryPosts } from '../support/memory-stores.ts';
import { testPostStore } from './post-contract.ts';
import { aLease } from './samples.ts';

describe('messages of no failure in memory', () => {
  const store = memoryPosts();
  const lease = async () => {
    const jobId = JobId.parse(randomUUID());
    store.live.add(jobId);
    return { jobId, token: randomUUID() };
  };
  testPostStore(() => ({ store, lease }));
});

describeBothDatabases('messages of no failure', (open) => {
  testPostStore(() => ({ store: open().stores.posts, lease: () => aLease(open().stores) }));
});
