import { expect, test } from '@jest/globals';
import { WorkspaceId } from '../../src/domain/ids.ts';
import { NO_CONTEXT } from '../../src/domain/reasoning.ts';
import { findSurroundings } from '../../src/pipeline/surroundings.ts';
import { aJobContext } from '../support/pipeline-fakes.ts';
import { aRun } from '../support/report-builders.ts';

const request = { workspaceId: WorkspaceId.parse('T0ACME'), run: aRun() };

test('a search that takes too long is given up, whether GitHub heeds the signal or not', async () => {
  const signals: AbortSignal[] = [];
  const runContext = {
    context: (...[, , signal]: [unknown, unknown, AbortSignal]) => {
      signals.push(signal);
      return Promise.withResolvers<never>().promise;
    },
  };
  const begun = performance.now();

  expect(await findSurroundings(aJobContext({ runContext }), request, 30)).toEqual(NO_CONTEXT);
  expect(performance.now() - begun).toBeLessThan(4_000);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

test('what was found is handed on as it is', async () => {
  const found = { ...NO_CONTEXT, commitMessage: 'Fix it' };

  expect(await findSurroundings(aJobContext({ runContext: { context: async () => found } }), request)).toBe(found);
});
