import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { authorize } from '../auth/authorize.ts';
import { type ConnectState, readChoice, readState, signChoice } from '../auth/connect-token.ts';
import type { SeenInstallation } from '../domain/connecting.ts';
import { InstallationId, type WorkspaceId } from '../domain/ids.ts';
import type { Ports } from '../domain/ports.ts';
import { connectInstallation } from '../pipeline/connect.ts';
import { abandonBody } from './answer.ts';
import { createBodyReader } from './body.ts';
import { answerWithPage, type PageRoute, readFields, readQuery } from './page-route.ts';
import * as pages from './pages/connect.ts';
import type { Page } from './pages/page.ts';

/** Where GitHub sends people back to; the App's manifest names it. */
export const CALLBACK_PATH = '/github/callback';
export const CHOICE_PATH = '/github/callback/choice';

export interface ConnectDeps extends Pick<
  Ports,
  | 'clock'
  | 'log'
  | 'users'
  | 'directory'
  | 'workspaces'
  | 'installations'
  | 'spentTokens'
  | 'githubSignIn'
  | 'groups'
  | 'ruleFiles'
  | 'queue'
> {
  /** Signs what travels through the browser. */
  connectKey: string;
}

const FORM_BYTES = 8 * 1024;
const ANSWER_WITHIN_MS = 10_000;
const FAILURE = { sentence: 'A GitHub installation could not be linked', page: pages.failedPage };

/** What GitHub says when it sends a person back; one that comes twice cannot be read. */
const Query = z.object({
  state: z.string().max(2_000).optional(),
  code: z
    .string()
    .regex(/^[\w.-]{1,200}$/u)
    .optional(),
  error: z.string().max(200).optional(),
  setup_action: z.string().max(50).optional(),
  installation_id: z
    .string()
    .regex(/^\d{1,16}$/u)
    .transform(Number)
    .pipe(InstallationId)
    .optional(),
});
type Query = z.infer<typeof Query>;

const Form = z.object({ choice: z.string().min(1).max(2_000) });

/** GitHub sends a person back: whose state it is, what GitHub shows them, and which of it they want to link. */
export function createCallbackRoute(deps: ConnectDeps): PageRoute {
  return answerWithPage(deps.log, FAILURE, (req) => answerCallback(deps, req));
}

/** The person says which. Until then nothing is linked: whoever was lured to GitHub by somebody else's link sees where it would lead. */
export function createChoiceRoute(deps: ConnectDeps): PageRoute {
  const reader = createBodyReader({ body: FORM_BYTES, buffered: 100 * FORM_BYTES });
  return answerWithPage(deps.log, FAILURE, async (req) => {
    const outcome = await reader.read(req, () => {});
    const form = outcome.kind === 'read' ? readFields(Form, outcome.body.toString('utf8')) : null;
    if (outcome.kind !== 'read') abandonBody(req);
    return form === null ? pages.malformedPage : await answerChoice(deps, form.choice);
  });
}

async function answerCallback(deps: ConnectDeps, req: IncomingMessage): Promise<Page> {
  const query = readQuery(Query, req);
  if (query === null) return pages.malformedPage;
  if (query.state === undefined) return pages.noStatePage;
  const state = readState({ key: deps.connectKey, clock: deps.clock }, query.state);
  if (state === null) return pages.invalidPage;
  if (!(await deps.spentTokens.spend(state.asker.workspaceId, state.once))) return pages.invalidPage;
  if (!(await mayConnect(deps, state))) return pages.notAdminPage;
  return await answerVisit(deps, state, query);
}

async function answerVisit(deps: ConnectDeps, state: ConnectState, query: Query): Promise<Page> {
  if (query.error !== undefined) return pages.deniedPage;
  if (query.setup_action === 'request') return pages.requestedPage;
  if (query.code === undefined) return pages.malformedPage;
  const seen = await deps.githubSignIn.installations(state.server, query.code, AbortSignal.timeout(ANSWER_WITHIN_MS));
  if (seen.kind === 'refused') return pages.codeRefusedPage;
  const { installation_id: wanted } = query;
  // Anybody can write a number down: it only counts among those that GitHub shows.
  const shown = seen.installations.filter(({ id }) => wanted === undefined || id === wanted);
  if (shown.length === 0) return wanted === undefined ? pages.nothingVisiblePage : pages.notVisiblePage;
  const linked = new Set(await deps.installations.ofWorkspace(state.asker.workspaceId));
  const open = shown.filter(({ id }) => !linked.has(id));
  return open.length === 0 ? pages.allLinkedPage : await offer(deps, state, open);
}

async function offer(
  deps: ConnectDeps,
  { asker }: Pick<ConnectState, 'asker'>,
  open: readonly SeenInstallation[],
): Promise<Page> {
  const signing = { key: deps.connectKey, clock: deps.clock };
  const choices = open.map(({ id: installationId, account, isSuspended }) => ({
    account,
    isSuspended,
    token: signChoice(signing, { asker, installationId, account }),
  }));
  return pages.choicePage(CHOICE_PATH, await showWorkspace(deps, asker.workspaceId), choices);
}

async function answerChoice(deps: ConnectDeps, token: string): Promise<Page> {
  const choice = readChoice({ key: deps.connectKey, clock: deps.clock }, token);
  if (choice === null) return pages.invalidPage;
  const { asker, once, installationId, account } = choice;
  if (!(await deps.spentTokens.spend(asker.workspaceId, once))) return pages.invalidPage;
  if (!(await mayConnect(deps, choice))) return pages.notAdminPage;
  // Asked for before: a page that says "nothing was linked" must be true.
  const workspace = await showWorkspace(deps, asker.workspaceId);
  await connectInstallation(deps, { asker, installationId, account });
  return pages.linkedPage(account, workspace);
}

/** Whoever was an admin when they asked need not be one when they come back. */
async function mayConnect(deps: ConnectDeps, { asker }: Pick<ConnectState, 'asker'>): Promise<boolean> {
  if (!(await deps.workspaces.isActive(asker.workspaceId))) return false;
  const outcome = await authorize(deps, asker, 'github.connect');
  if (outcome.kind === 'refused') deps.log.info({ ...asker, role: outcome.role }, 'Refused: the role does not suffice');
  return outcome.kind === 'allowed';
}

async function showWorkspace(deps: ConnectDeps, id: WorkspaceId): Promise<pages.ShownWorkspace> {
  const install = await deps.workspaces.findInstall(id);
  const { url } = await deps.directory.workspace(id);
  return { id, name: install?.name ?? null, url };
}
