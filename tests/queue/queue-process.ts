import { createInterface } from 'node:readline';
import { JobId } from '../../src/domain/ids.ts';
import type { Log } from '../../src/domain/ports.ts';
import { createBeeQueue } from '../../src/queue/queues.ts';

// A process with a Bee-Queue of its own, for tests that kill it or the Redis below it: wakes each id that it reads and says
// what it was handed. Whatever is thrown or rejected unseen ends it, as in production.

const [redisUrl = '', name = '', mode = ''] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const write = (level: string) => (fields: object, sentence: string) =>
  say(`${level} ${sentence} ${JSON.stringify(fields)}`);
const log: Log = {
  debug: () => {},
  info: write('info'),
  warn: write('warn'),
  error: write('error'),
  child: () => log,
};

const queue = createBeeQueue({ redisUrl, name, log });
for (const event of ['SIGTERM'] as const) process.once(event, () => void queue.close(1_000));
await queue.work(async (id) => {
  say(`handed ${id}`);
  if (mode === 'hold') await new Promise(() => {});
}, 2);
createInterface(process.stdin).on('line', (line) => void queue.wake([JobId.parse(line)]));
say('started');
