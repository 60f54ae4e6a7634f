import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLogHosts } from '../../src/github/log-hosts.ts';
import { openLink } from '../../src/github/storage.ts';

const never = new AbortController().signal;
let server: Server;

/** A storage on this machine, and a link into it. */
async function aLink(answer: RequestListener) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const link = createLogHosts({ listed: [host], apiUrl: 'https://api.example' }).judge(`http://${host}/log?sig=1`);
  if (link.kind !== 'allowed') throw new Error(link.reason);
  return link;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('a signed link', () => {
  test('is opened with nothing of ours in the request', async () => {
    const seen: string[] = [];
    const link = await aLink((req, res) => {
      seen.push(...Object.keys(req.headers));
      res.end('log');
    });

    const answer = await openLink(link, never);

    expect(answer.kind === 'opened' && (await text(answer.body))).toBe('log');
    expect(seen.sort()).toEqual(['accept-encoding', 'connection', 'host', 'user-agent']);
  });

  test('that redirects once more is not followed', async () => {
    const link = await aLink((_req, res) => res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());

    expect(await openLink(link, never)).toEqual({ kind: 'failed', status: 302 });
  });

  test.each([
    [403, { kind: 'expired' }],
    [404, { kind: 'expired' }],
    [500, { kind: 'failed', status: 500 }],
  ])('answered with %i', async (status, expected) => {
    const link = await aLink((_req, res) => res.writeHead(status).end());

    expect(await openLink(link, never)).toEqual(expected);
  });
});

describe('a storage that falls silent', () => {
  test('before its answer', async () => {
    const link = await aLink(() => {});

    await expect(openLink(link, never, 100)).rejects.toThrow('silent for 100 ms');
  });

  test('in the middle of a log', async () => {
    const link = await aLink((_req, res) => void res.write('half a '));
    const answer = await openLink(link, never, 100);

    await expect(answer.kind === 'opened' ? text(answer.body) : null).rejects.toThrow(/silent|aborted/u);
  });
});

test('a storage that sends a byte now and then does not keep a worker', async () => {
  const link = await aLink((_req, res) => {
    const drops = setInterval(() => res.write('x'), 20);
    res.once('close', () => clearInterval(drops));
  });
  const answer = await openLink(link, never, 200);

  await expect(answer.kind === 'opened' ? text(answer.body) : null).rejects.toThrow(/slowly|aborted/u);
});

test('an error of the storage that has no end is not read to its end', async () => {
  const gone = Promise.withResolvers<void>();
  const link = await aLink((_req, res) => {
    const drops = setInterval(() => res.write('x'.repeat(1000)), 5);
    res.writeHead(403).once('close', () => {
      clearInterval(drops);
      gone.resolve();
    });
  });

  expect(await openLink(link, never)).toEqual({ kind: 'expired' });
  await gone.promise;
});

test('a download ends with its signal', async () => {
  const link = await aLink((_req, res) => void res.write('half a '));
  const stop = new AbortController();
  const answer = await openLink(link, stop.signal);
  const reading = answer.kind === 'opened' ? text(answer.body) : Promise.resolve('');

  stop.abort(new Error('the lease is lost'));

  await expect(reading).rejects.toThrow(/lost|aborted/u);
});
