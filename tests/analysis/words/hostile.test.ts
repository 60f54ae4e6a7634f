import { expect, test } from '@jest/globals';
import { cpuMs } from '../../../scripts/bench/hostile-lines.ts';
import type { Findings } from '../../../src/domain/reasoning.ts';
import { writeWords } from '../../../src/analysis/words/words.ts';

const LONGEST_MS = 3000;

test.each(['a', 'a.', 'a/', '(', '"', 'A_', 'x-', '- ', 'a::', 'https://a/', "thread '", 'File "', 'Could not find '])(
  'a hundred lines of nothing but %j are put into words in time',
  (piece) => {
    const text = piece.repeat(2000).slice(0, 2000);
    const excerpt = Array.from({ length: 100 }, (_, index) => ({
      jobId: null,
      line: index + 1,
      step: null,
      stepLine: null,
      text,
    }));
    const facts: Findings['facts'] = {
      failingTests: [],
      problems: [],
      exitCode: 1,
      failedStep: text,
      failedCommand: text,
      tool: null,
      ecosystem: null,
    };
    const begun = cpuMs();
    const { headline } = writeWords({
      category: 'unknown',
      verdict: { kind: 'new', reasons: [] },
      facts,
      excerpt,
      evidence: excerpt.slice(0, 12),
    });

    expect(cpuMs() - begun).toBeLessThan(LONGEST_MS);
    expect(headline.length).toBeLessThanOrEqual(120);
  },
);
