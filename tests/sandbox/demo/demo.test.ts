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

function aStream() {
  let written = '';
  return { write: (text: string) => void (written += text), text: () => written };
}
