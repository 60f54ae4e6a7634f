import { expect, test } from '@jest/globals';
import type { WorkflowPart } from '../../src/domain/workflow-file.ts';
import { failureMessage } from '../../src/messages/diagnosis.ts';
import { evidenceReply } from '../../src/messages/thread.ts';
import { faultsIn, HOSTILE, readable } from '../support/hostile.ts';
import { aReport } from '../support/report-builders.ts';

const report = aReport();
const PART: WorkflowPart = {
  path: '.github/workflows/ci.yml',
  url: 'https://github.com/acme/web/blob/abc/.github/workflows/ci.yml#L12',
  job: 'test',
  step: 'Run npm test',
  lines: [
    { line: 8, text: '  test:' },
    { line: 12, text: '      - run: npm test' },
  ],
};

function drawn(part: WorkflowPart) {
  const summary = { ...report.summary, diagnosis: { ...report.summary.diagnosis, workflowPart: part } };
  return { parent: failureMessage({ ...report, summary }), proof: evidenceReply(summary, report.run) };
}

test('the step that failed stands in the thread, with its lines and where they are', () => {
  const { parent, proof } = drawn(PART);

  expect(readable(proof)).toContain('Workflow: Step Run npm test, job test, in .github/workflows/ci.yml');
  expect(readable(proof)).toMatch(/8 {4}test:.*….*12 {8}- run: npm test/su);
  expect(readable(parent)).not.toContain('Workflow: Step');
});

test('where no job began, the message itself shows the file', () => {
  const { parent, proof } = drawn({ ...PART, job: null, step: null });

  expect(readable(parent)).toContain('Workflow: in .github/workflows/ci.yml');
  expect(readable(proof)).not.toContain('Workflow: in');
});

test.each(HOSTILE.map((text, index) => [index, text] as const))('hostile text %i breaks no limit', (_index, text) => {
  const lines = Array.from({ length: 40 }, (_, at) => ({ line: at + 1, text: text.slice(0, 300) }));
  const { parent, proof } = drawn({ path: text, url: text, job: text, step: text, lines });
  const whole = drawn({ path: text, url: text, job: null, step: text, lines });

  for (const message of [parent, proof, whole.parent]) expect(faultsIn(message)).toEqual([]);
});
