import { expect, test } from '@jest/globals';
import { overflowFile } from '../../src/messages/overflow.ts';
import { HOSTILE } from '../support/hostile.ts';
import { aDiagnosis, aFinding, aLine, aRun, aSummary } from '../support/report-builders.ts';

const fileOf = (changes: Parameters<typeof aDiagnosis>[0]) =>
  overflowFile(aSummary({ diagnosis: aDiagnosis(changes) }), aRun());

test('what the messages show in full has no file', () => {
  expect(fileOf({})).toBeNull();
});

test('a line that a message cuts is whole in the file', () => {
  const text = `${'x'.repeat(900)} the end`;
  const file = fileOf({ excerpt: [aLine({ text })] });
  expect(file?.text).toContain(text);
  expect(file?.title).toBe('All of it: 1 line');
});

test('jobs beyond the table are all in the file, by their whole names', () => {
  const jobs = Array.from({ length: 120 }, (_, index) => aFinding({ name: `job-${index}`, fingerprint: `f${index}` }));
  const file = fileOf({ jobs, totalJobs: 200 });
  expect(file?.title).toBe('All of it: 120 failed jobs');
  expect(file?.text).toContain('job-119  |  Run npm test  |  https://');
});

test.each(HOSTILE)('%j in it hides and reorders nothing, and makes no line of its own', (text) => {
  const jobs = Array.from({ length: 60 }, (_, index) =>
    aFinding({ name: `${index} ${text}`, fingerprint: `f${index}` }),
  );
  const excerpt = Array.from({ length: 400 }, () => aLine({ text: text.repeat(3).slice(0, 20_000) }));
  const file = fileOf({ jobs, excerpt });
  expect(file?.text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  expect(file?.text.isWellFormed()).toBe(true);
  expect(file?.text.length).toBeLessThanOrEqual(1_000_000);
  expect(file?.text.split('\n').length).toBeLessThan(480);
});
