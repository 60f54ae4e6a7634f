import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { runDemo } from '../../../src/sandbox/demo.ts';

/** The day takes about half a minute; machines that do other work as well get more. */
const DAY_LIMIT_MS = 240_000;

test(
  'the demo plays its day, and every thread says what it should',
  async () => {
    const [out, errors] = [aStream(), aStream()];

    const exitCode = await runDemo({ exit: true, stdout: out, stderr: errors });

    expect(errors.text()).toBe('');
    expect(out.text()).toContain('Every thread says what it should.');
    expect(out.text().match(/✓/gu)?.length).toBeGreaterThanOrEqual(17);
    expect(exitCode).toBe(0);
  },
  DAY_LIMIT_MS,
);

test('a port that is taken is told in one sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const openPort = typeof address === 'object' && address ? address.port : 0;
  const [out, errors] = [aStream(), aStream()];
  try {
    const exitCode = await runDemo({ exit: true, stdout: out, stderr: errors, openPort });

    expect(exitCode).toBe(1);
    expect(out.text()).toBe('');
    expect(errors.text()).toContain(`Port ${openPort} is in use; choose another, or none for any that is free.`);
  } finally {
    taken.close();
  }
});

function aStream() {
  let written = '';
  return { write: (text: string) => void (written += text), text: () => written };
}
