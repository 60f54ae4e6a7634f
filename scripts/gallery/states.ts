import { answerStates } from './answers.ts';
import { askingStates } from './asking.ts';
import { connectStates } from './connect.ts';
import { sightStates } from './sight.ts';
import { happeningStates } from './happenings.ts';
import { failureStates } from './failures.ts';
import { handlingStates } from './handling.ts';
import { issueStates } from './issues.ts';
import { mergingStates } from './merging.ts';
import { doctorStates, overviewStates } from './overview.ts';
import { peopleStates } from './people.ts';
import { roundupStates } from './roundups.ts';
import type { GalleryState } from './state.ts';
import { successionStates } from './succession.ts';
import { surfaceStates } from './surfaces.ts';

/** Everything that a user can see, in every state. */
export function galleryStates(): GalleryState[] {
  return [
    ...failureStates(),
    ...handlingStates(),
    ...mergingStates(),
    ...peopleStates(),
    ...connectStates(),
    ...sightStates(),
    ...successionStates(),
    ...issueStates(),
    ...answerStates(),
    ...askingStates(),
    ...overviewStates(),
    ...doctorStates(),
    ...roundupStates(),
    ...happeningStates(),
    ...surfaceStates(),
  ];
}
