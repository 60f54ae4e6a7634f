import { DEPLOYMENT_STATES } from '../../src/domain/happening.ts';
import { happeningMessage } from '../../src/messages/happening.ts';
import { aDeployment, kept } from '../../tests/support/happenings.ts';
import { HOSTILE } from '../../tests/support/hostile.ts';
import { minutesLater } from '../../tests/support/report-builders.ts';
import { type GalleryState, posted } from './state.ts';

/** One line for each thing that happens beside workflow runs. */
export function happeningStates(): GalleryState[] {
  const mended = aDeployment({ state: 'success', sha: 'b2c3d4e'.padEnd(40, '0'), at: minutesLater(42) });
  return [
    ...DEPLOYMENT_STATES.map((state) => posted(`deployment-${state}`, happeningMessage(kept(aDeployment({ state }))))),
    posted(
      'deployment-described',
      happeningMessage(kept(aDeployment({ description: 'The health check did not answer within 300 seconds.' }))),
    ),
    posted('deployment-made-up-for', happeningMessage(kept(aDeployment(), mended))),
    ...HOSTILE.map((words, index) =>
      posted(
        `deployment-hostile-${index}`,
        happeningMessage(kept(aDeployment({ environment: words, ref: words, actor: words, description: words }))),
      ),
    ),
  ];
}
