import {
  checkClickDelivery,
  checkSuiteDelivery,
  pullRequestDelivery,
  pushDelivery,
  type Scene,
  topicsDelivery,
  workflowJobDelivery,
  workflowRunDelivery,
} from './announce.ts';
import { createHappenings, type Happenings } from './happen.ts';
import {
  type ApprovalScript,
  enactApproval,
  enactRerun,
  enactRun,
  knownRun,
  type RerunScript,
  type RunScript,
} from './play.ts';
import type { RerunAnswer } from './routes/api.ts';
import {
  type Account,
  type DeployEnvironment,
  type Attempt,
  type Job,
  type Repository,
  type Run,
  type Status,
  latestAttempt,
} from './state.ts';
import type { DeliveryRecord, Outgoing, WebhookSender } from './webhook-sender.ts';
import type { RepositoryOptions, World } from './world.ts';

/** What a played run came to. */
export interface Played {
  runId: number;
  attempt: number;
  /** The run's page. */
  url: string;
  /** Every delivery sent for it, with the receiver's answer, in order. */
  deliveries: DeliveryRecord[];
}

/** A run that was requested and is under way; `finish` completes it. */
export interface Started extends Played {
  finish: () => Promise<Played>;
}

/** What tests and the demo do to the local GitHub. */
export interface GitHubDriver extends Happenings {
  addRepository(fullName: string, options?: RepositoryOptions): Repository;
  /** Plays a run from request to completion with all its deliveries, one after the other. */
  play(script: RunScript): Promise<Played>;
  /** Plays a run up to `in_progress`. */
  start(script: RunScript): Promise<Started>;
  /** Plays another attempt of a run. */
  rerun(runId: number, script?: RerunScript): Promise<Played>;
  /** Lets a run go on that waits for an approval, which is the same attempt for GitHub. */
  approve(runId: number, script: ApprovalScript): Promise<Played>;
  /** Decides what re-runs asked for through the API do. */
  onRerun(answer: RerunAnswer): void;
  /** Sends any event: for forgeries, repeats and events without a script. */
  send(outgoing: Outgoing): Promise<DeliveryRecord>;
  deliveries(): readonly DeliveryRecord[];
  /** Sends a delivery again under its GUID. */
  redeliver(guid: string): Promise<DeliveryRecord>;
  /** Lets a job's log be there, not be there (404), or be gone (410). */
  setLog(jobId: number, state: Job['logState']): void;
  /** Makes an account known, with the address that it shows to everybody. */
  setAccount(login: string, options?: { email?: string | null }): Account;
  setEnvironments(fullName: string, environments: readonly DeployEnvironment[]): void;
  /** Puts a text into a file, or takes the file away; on the default branch unless another is named. */
  setFile(fullName: string, file: { path: string; text: string | null; branch?: string }): void;
  /** Gives a repository these topics and no others, and sends `repository` `edited`. */
  setTopics(fullName: string, topics: readonly string[]): Promise<DeliveryRecord>;
  /** Makes a team (`acme/platform`), or gives it these repositories and no others. */
  setTeam(fullSlug: string, repositories: readonly string[]): void;
  /** Clicks on a button of a check run, as somebody who may write to the repository. */
  clickCheck(fullName: string, click: { checkId: number; identifier: string; login: string }): Promise<DeliveryRecord>;
  /** Resolves when re-runs and redeliveries asked for through the API are played. */
  settled(): Promise<void>;
}

/** The driver, and what the API needs of it. */
export function createDriver({ scene, sender }: { scene: Scene; sender: WebhookSender }) {
  const { world } = scene;
  const open = new Set<Promise<unknown>>();
  let answer: RerunAnswer = () => null;
  const track = (work: Promise<unknown>): void => {
    const watched = work.catch(() => {}).finally(() => open.delete(watched));
    open.add(watched);
  };
  const rerun = async (run: Run, script: RerunScript): Promise<Played> => {
    const { finish } = await begin({ scene, sender }, run, enactRerun(world, run, script));
    await script.until;
    return finish();
  };
  const driver: GitHubDriver = {
    ...createHappenings(scene, sender),
    addRepository: (fullName, options) => world.addRepository(fullName, options),
    async play(script) {
      const { finish } = await driver.start(script);
      return finish();
    },
    async start(script) {
      const run = enactRun(world, script);
      const opening = pullRequestDelivery(scene, run) ?? pushDelivery(scene, run);
      return begin({ scene, sender }, run, latestAttempt(run), opening);
    },
    rerun: (runId, script = {}) => rerun(knownRun(world, runId), script),
    async approve(runId, script) {
      const run = knownRun(world, runId);
      const { finish } = await begin({ scene, sender }, run, enactApproval(world, run, script));
      return finish();
    },
    onRerun: (next) => void (answer = next),
    send: (outgoing) => sender.send(outgoing),
    deliveries: () => sender.deliveries(),
    redeliver: (guid) => sender.redeliver(guid),
    setLog(jobId, state) {
      const jobs = [...world.runs.values()].flatMap(({ attempts }) => attempts.flatMap(({ jobs: of }) => of));
      const job = jobs.find(({ id }) => id === jobId);
      if (!job) throw new Error(`job ${jobId} is not in the local GitHub`);
      job.logState = state;
    },
    setAccount: (login, { email = null } = {}) => Object.assign(world.account(login), { email }),
    setEnvironments(fullName, environments) {
      knownRepository(world, fullName).environments = environments;
    },
    setTopics(fullName, topics) {
      const repository = knownRepository(world, fullName);
      const before = repository.topics;
      repository.topics = [...topics];
      return sender.send(topicsDelivery(scene, repository, before));
    },
    setTeam(fullSlug, repositories) {
      const [organization = '', slug = ''] = fullSlug.split('/');
      const known = world.teams.find((team) => team.organization === organization && team.slug === slug);
      const team = known ?? { id: world.nextId('team'), organization, slug, name: slug, repositories: [] };
      if (!known) world.teams.push(team);
      team.repositories = repositories.map((fullName) => knownRepository(world, fullName));
    },
    setFile(fullName, { path, text, branch }) {
      const repository = knownRepository(world, fullName);
      const name = branch ?? repository.defaultBranch;
      const files = repository.contents.get(name) ?? new Map<string, string>();
      repository.contents.set(name, files);
      if (text === null) files.delete(path);
      else files.set(path, text);
    },
    clickCheck(fullName, { checkId, identifier, login }) {
      const repository = knownRepository(world, fullName);
      const check = repository.checks.find(({ id }) => id === checkId);
      if (!check?.actions.includes(identifier)) throw new Error(`check run ${checkId} has no button ${identifier}`);
      return sender.send(checkClickDelivery(scene, { repository, check, identifier, login }));
    },
    async settled() {
      while (open.size > 0) await Promise.all(open);
    },
  };
  return {
    ...driver,
    track,
    answerRerun: (run: Run, asked: { failedOnly: boolean }) => rerun(run, { ...asked, ...answer(run, asked) }),
  };
}

function knownRepository(world: World, fullName: string): Repository {
  const repository = world.repository(fullName);
  if (!repository) throw new Error(`${fullName} was not added to the local GitHub`);
  return repository;
}

type Deps = { scene: Scene; sender: WebhookSender };

async function begin({ scene, sender }: Deps, run: Run, attempt: Attempt, opening?: Outgoing): Promise<Started> {
  const deliveries: DeliveryRecord[] = [];
  const subscribed = scene.world.installations.get(run.repository.installationId)?.events ?? [];
  const send = async (outgoing: Outgoing): Promise<void> => {
    if (sender.url !== null && subscribed.includes(outgoing.event)) deliveries.push(await sender.send(outgoing));
  };
  const sendJobs = async (status: Status): Promise<void> => {
    for (const job of attempt.jobs) {
      if (job.createdAt < attempt.startedAt) continue; // carried over from the attempt before
      if (job.conclusion === 'skipped' && status !== 'completed') continue; // never queued, never run
      job.status = status;
      await send(workflowJobDelivery(scene, { run, attempt, job, status }));
    }
  };
  const played = {
    runId: run.id,
    attempt: attempt.number,
    url: `${scene.bases.web}/${run.repository.fullName}/actions/runs/${run.id}`,
    deliveries,
  };
  const end = async (): Promise<Played> => {
    attempt.status = 'completed';
    await send(workflowRunDelivery(scene, run, attempt, 'completed'));
    await send(checkSuiteDelivery(scene, run, attempt));
    return played;
  };
  if (opening) await send(opening);
  await send(workflowRunDelivery(scene, run, attempt, 'requested'));
  // Nothing starts before the approval: the run is completed at once, and its jobs are made afterwards.
  if (attempt.conclusion === 'action_required') return { ...played, finish: () => end() };
  await sendJobs('queued');
  attempt.status = 'in_progress';
  await send(workflowRunDelivery(scene, run, attempt, 'in_progress'));
  await sendJobs('in_progress');
  const finish = async (): Promise<Played> => {
    await sendJobs('completed');
    return end();
  };
  return { ...played, finish };
}
