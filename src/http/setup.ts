import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { readSetupLink, readSetupState, type SetupVisit, signSetupState } from '../auth/setup-token.ts';
import type { Clock, Log } from '../domain/ports.ts';
import type { CreatedApp, GitHubSetup, SetupPlan } from '../domain/setup.ts';
import { answerWithPage, type PageRoute, readQuery } from './page-route.ts';
import * as pages from './pages/setup.ts';
import type { Page } from './pages/page.ts';

/** Where the link of `cortex setup github` leads. */
export const SETUP_PATH = '/github/setup';
/** Where GitHub sends the person back to, with the code of the new App. */
export const CREATED_PATH = '/github/setup/created';

export interface SetupDeps {
  log: Log;
  clock: Clock;
  githubSetup: GitHubSetup;
  /** Signs what travels through the browser. */
  setupKey: string;
  /** Our own address, as GitHub sees it. */
  publicUrl: string;
  /** Our own address, as the person's browser sees it; another one only where nothing is kept. */
  browserUrl: () => string;
  /** Whether the environment holds another App for this server already, which would win. */
  isTaken: (plan: SetupPlan) => boolean;
  /** False where somebody was first. */
  spend: (once: SetupVisit['once']) => Promise<boolean>;
  /** What becomes of the keys: they are kept, or printed. */
  keep: (plan: SetupPlan, app: CreatedApp) => Promise<'kept' | 'printed'>;
}

const ANSWER_WITHIN_MS = 10_000;

const LinkQuery = z.object({ token: z.string().max(4_000) });
const CreatedQuery = z.object({
  state: z.string().max(4_000),
  code: z.string().regex(/^[\w.-]{1,200}$/u),
});

/** Shows which App would be created; the person's own browser asks GitHub for it. Changes nothing, so a look at the link uses it up for nobody. */
export function createSetupRoute(deps: SetupDeps): PageRoute {
  return answerWithPage(deps.log, FAILURE, async (req) => {
    const token = readQuery(LinkQuery, req)?.token ?? '';
    const visit = readSetupLink(signingOf(deps), token);
    if (visit === null) return pages.invalidPage;
    if (deps.isTaken(visit.plan)) return pages.takenPage;
    const own = { publicUrl: deps.publicUrl, createdUrl: `${deps.browserUrl().replace(/\/+$/u, '')}${CREATED_PATH}` };
    return pages.setupPage(visit.plan, deps.githubSetup.form(visit.plan, own, signSetupState(signingOf(deps), visit)));
  });
}

/** The App is there: its keys are fetched with the code that came along. */
export function createCreatedRoute(deps: SetupDeps): PageRoute {
  return answerWithPage(deps.log, FAILURE, (req) => answerCreated(deps, req));
}

const FAILURE = { sentence: 'A GitHub App could not be set up', page: pages.failedPage };

async function answerCreated(deps: SetupDeps, req: IncomingMessage): Promise<Page> {
  const query = readQuery(CreatedQuery, req);
  const visit = query && readSetupState(signingOf(deps), query.state);
  if (query === null || visit === null) return pages.invalidPage;
  if (deps.isTaken(visit.plan)) return pages.takenPage;
  if (!(await deps.spend(visit.once))) return pages.invalidPage;
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const app = await deps.githubSetup.exchange(visit.plan, query.code, signal);
  if (app === null) return pages.codeRefusedPage;
  const kept = await deps.keep(visit.plan, app);
  // Nothing that proves anything: which App it is, and on which server.
  deps.log.info({ server: visit.plan.webUrl, appId: app.keys.appId, slug: app.slug, kept }, 'GitHub App was set up');
  return kept === 'kept' ? pages.keptPage(app) : pages.printedPage(app);
}

function signingOf({ setupKey, clock }: SetupDeps) {
  return { key: setupKey, clock };
}
