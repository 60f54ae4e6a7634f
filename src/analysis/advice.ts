import type { Facts } from '../domain/diagnosis.ts';
import type { ReasonRequest } from '../domain/ports.ts';
import { clip, oneLine } from './headline.ts';

type Request = Pick<ReasonRequest, 'category' | 'verdict' | 'facts' | 'excerpt' | 'evidence'>;

/** One sentence that says what to do next. Plain and true for the kind of failure; no guess at a fix that nobody can know. */
export function writeNextStep(request: Request): string {
  return byVerdict(request) ?? byCategory(request);
}

function byVerdict({ verdict, facts }: Request): string | null {
  switch (verdict.kind) {
    case 'cancelled':
      return 'Start the run again if its result is still wanted.';
    case 'superseded':
      return 'Look at the newer run instead.';
    case 'timeout':
      return 'See where the log stops, then find out what hangs there or raise the time limit of the job.';
    case 'flaky':
      return `Re-run the failed jobs; if it passes, make ${facts.failingTests.length > 0 ? 'the test' : 'the step'} independent of timing and order.`;
    case 'failing-on-base':
      return 'Fix the default branch first, then update this branch; the change here is probably not the cause.';
    case 'infrastructure':
      return infrastructureStep(verdict.reasons);
    case 'configuration':
      return 'Correct the workflow, its permissions or its secrets; a change of the code will not help.';
    case 'new':
    case 'recurring':
      return null;
    default:
      return verdict.kind satisfies never;
  }
}

function infrastructureStep(reasons: readonly string[]): string {
  const said = reasons.join(' ');
  if (said.includes('disk'))
    return 'Free disk space early in the job or use a larger runner, then re-run the failed jobs.';
  if (said.includes('memory'))
    return 'Give the job more memory or run fewer things at once, then re-run the failed jobs.';
  if (said.includes('rate limit')) return 'Log in to the service or use a cache or mirror; a re-run later may pass.';
  return 'Re-run the failed jobs; if it comes back, look at the status of the service that is named.';
}

function byCategory({ category, facts, excerpt }: Request): string {
  switch (category) {
    case 'test':
      return testStep(facts);
    case 'compile':
      return problemStep(facts, 'Fix the error at');
    case 'lint':
      return problemStep(facts, 'Run the linter or formatter locally and correct');
    case 'dependency':
      return 'Check the named package and version, and that the lock file fits; if the registry was away, re-run the job.';
    case 'infrastructure':
      return 'If the service or machine that is named was away, re-run the failed jobs; if not, start from the lines shown.';
    case 'configuration':
      return 'Check the paths, variables, secrets and permissions that the step relies on.';
    case 'deployment':
      return 'See what the target refused, correct it, and deploy again.';
    case 'timeout':
      return 'Find out what hangs at the end of the log, or raise the time limit of the job.';
    case 'unknown':
      return excerpt.length === 0
        ? 'Open the run on GitHub, and re-run it if its log stays away.'
        : `Run ${commandOf(facts)} locally and start from the lines shown.`;
    default:
      return category satisfies never;
  }
}

function testStep(facts: Facts): string {
  const [first] = facts.failingTests;
  const how = runOneTest(facts);
  if (first === undefined) return `Run ${commandOf(facts)} locally and look at the first failing test.`;
  if (how !== null) return `Run it locally: ${how}`;
  const place =
    first.file === null ? `"${clip(first.name, 80)}"` : `${first.file}${first.line === null ? '' : `:${first.line}`}`;
  return `Run ${place} locally and compare what it expects with what the code does now.`;
}

/** The command that runs the first failing test alone, for tools where it is certain. */
function runOneTest({ tool, failingTests: [first] }: Facts): string | null {
  if (first === undefined || /["`$\\\n]/u.test(first.name) || first.name.length > 120) return null;
  switch (tool) {
    case 'pytest':
      if (/^[\w./-]{1,200}\.py$/u.test(first.name)) return `pytest ${first.name}`;
      return first.file === null ? `pytest -k "${lastWord(first.name)}"` : `pytest "${first.file}::${first.name}"`;
    case 'go test':
      return `go test ./... -run "^${first.name.split('/')[0] ?? first.name}$"`;
    case 'cargo test':
      return `cargo test ${first.name}`;
    case 'jest':
      return `npx jest -t "${first.name.split(' › ').join(' ')}"`;
    case 'vitest':
      return first.file === null ? null : `npx vitest run ${first.file}`;
    case 'rspec':
      return first.file === null
        ? null
        : `bundle exec rspec ${first.file}${first.line === null ? '' : `:${first.line}`}`;
    case null:
    default:
      return null;
  }
}

function lastWord(name: string): string {
  return name.split(/[.:]{1,2}/u).at(-1) ?? name;
}

function problemStep({ problems: [first], failedCommand }: Facts, lead: string): string {
  if (first === undefined)
    return `Run ${failedCommand === null ? 'the step' : `\`${clip(oneLine(failedCommand), 80)}\``} locally and correct what it names.`;
  return `${lead} ${first.file}${first.line === null ? '' : `, line ${first.line}`}.`;
}

function commandOf({ failedCommand }: Facts): string {
  return failedCommand === null ? 'the failed step' : `\`${clip(oneLine(failedCommand), 80)}\``;
}
