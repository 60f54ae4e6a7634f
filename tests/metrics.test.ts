import { expect, test } from '@jest/globals';
import { createMetrics } from '../src/metrics.ts';

test('what is counted stands in the text that /metrics serves', async () => {
  const registry = createMetrics('1.2.3');

  registry.metrics.deliveries.add(2, { event: 'workflow_run', outcome: 'stored' });
  registry.metrics.jobSeconds.observe(0.2, { kind: 'analyze-run' });
  registry.addGauge({ name: 'cortex_jobs', help: 'Jobs by state.', label: 'state' }, () =>
    Promise.resolve({ queued: 7 }),
  );

  const text = await registry.render();
  expect(text).toContain('cortex_deliveries_total{event="workflow_run",outcome="stored"} 2');
  expect(text).toContain('cortex_job_seconds_count{kind="analyze-run"} 1');
  expect(text).toContain('cortex_jobs{state="queued"} 7');
  expect(text).toContain('cortex_build{version="1.2.3"} 1');
});

test('two apps in one process do not share their metrics', async () => {
  const first = createMetrics('1');
  const second = createMetrics('1');

  first.metrics.swept.add(5);

  expect(await second.render()).toContain('cortex_swept_jobs_total 0');
});
