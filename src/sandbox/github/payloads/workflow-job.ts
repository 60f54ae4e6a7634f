import { type Attempt, type Job, type Run, type Status, iso } from '../state.ts';
import { type Bases, nodeId } from './bases.ts';

/** A workflow job as in webhooks and in REST, at the moment when it has `status`. */
export function workflowJobPayload(
  { run, attempt, job, status }: { run: Run; attempt: Attempt; job: Job; status: Status },
  bases: Bases,
) {
  const repo = `${bases.api}/repos/${run.repository.fullName}`;
  const assigned = status !== 'queued';
  return {
    id: job.id,
    run_id: run.id,
    workflow_name: run.workflow.name,
    head_branch: run.branch,
    run_url: `${repo}/actions/runs/${run.id}`,
    run_attempt: attempt.number,
    node_id: nodeId('CR', job.id),
    head_sha: run.commit.sha,
    url: `${repo}/actions/jobs/${job.id}`,
    html_url: `${bases.web}/${run.repository.fullName}/actions/runs/${run.id}/job/${job.id}`,
    status,
    conclusion: status === 'completed' ? job.conclusion : null,
    created_at: iso(job.createdAt),
    started_at: iso(assigned ? job.startedAt : job.createdAt),
    completed_at: status === 'completed' ? iso(job.completedAt) : null,
    name: job.name,
    steps: status === 'completed' ? stepsPayload(job) : status === 'in_progress' ? startedSteps(job) : [],
    check_run_url: `${repo}/check-runs/${job.checkRunId}`,
    labels: ['ubuntu-latest'],
    runner_id: assigned ? 1_000_000_000 + (job.id % 4096) : null,
    runner_name: assigned ? `GitHub Actions ${1_000_000_000 + (job.id % 4096)}` : null,
    runner_group_id: assigned ? 0 : null,
    runner_group_name: assigned ? 'GitHub Actions' : null,
  };
}

function stepsPayload(job: Job) {
  return job.steps.map(({ number, name, conclusion, startedAt, completedAt }) => ({
    name,
    status: 'completed',
    conclusion,
    number,
    started_at: iso(startedAt),
    completed_at: iso(completedAt),
  }));
}

/** While a job runs, GitHub lists the step at work, without an end. */
function startedSteps(job: Job) {
  return job.steps.slice(0, 1).map(({ number, name, startedAt }) => ({
    name,
    status: 'in_progress',
    conclusion: null,
    number,
    started_at: iso(startedAt),
    completed_at: null,
  }));
}
