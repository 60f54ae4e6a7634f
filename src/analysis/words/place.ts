import type { Facts } from '../../domain/diagnosis.ts';
import { clip, oneLine } from './text.ts';

/** Names that CI systems give to phases; they say nothing about what runs in them. */
const PHASE =
  /^(?:script|install|build|test|git\.checkout|before_\w{1,20}|after_\w{1,20}|get_sources|step_script|prepare_\w{1,20}|upload_\w{1,40}|deploy|main|run|default)$/iu;

/** The command that failed, where it is short enough to mean something. */
export function commandOf({ failedCommand, failedStep }: Facts): string | null {
  const command = failedCommand ?? (failedStep?.startsWith('Run ') === true ? failedStep.slice('Run '.length) : null);
  if (command === null) return null;
  const line = oneLine(command);
  const isScript = /^(?:if|for|set|echo|cd|export|\{|\[|#)\b/u.test(line) || line.length > 90;
  // What a CI system runs last of several is often one of these, and explains nothing.
  const isTrivial = /^(?:popd|true|false|exit\b.{0,5}|fi|done|\}|ls|pwd)$/u.test(line);
  return isScript || isTrivial || line.length < 2 ? null : line;
}

/** Changes something outside of the checkout, so that nobody should run it just to see what it says. */
export function isHarmful(command: string): boolean {
  if (/\b(?:shellcheck|lint\w{0,4}|plan|diff|validate)\b|-lint\b|--(?:dry-run|check)\b/u.test(command)) return false;
  return /(?<!--)\b(?:deploy\w{0,4}|publish|release|upload|push|apply|destroy|upgrade --install|pulumi up|ansible-playbook|fastlane|rsync|ssh)\b/u.test(
    command,
  );
}

/** The failed step or command as a subject: `Step "Build"`, `The command "make"`, or `The job`. */
export function placeOf(facts: Facts): string {
  const command = commandOf(facts);
  const { failedStep } = facts;
  if (failedStep !== null && !failedStep.startsWith('Run ') && !PHASE.test(failedStep))
    return `Step "${clip(oneLine(failedStep), 70)}"`;
  if (command !== null)
    return isAction(command) ? `The action ${clip(command, 70)}` : `The command "${clip(command, 70)}"`;
  if (failedStep !== null) return `Step "${clip(oneLine(failedStep), 70)}"`;
  return 'The job';
}

/** Whether a step uses an action and runs no command. */
export function isAction(command: string): boolean {
  return /^[\w.-]{1,60}\/[\w./-]{1,100}@[\w./-]{1,60}$/u.test(command);
}

/** "It happens in step …", with the exit code; null where neither is known. */
export function circumstance(facts: Facts): string | null {
  const place = placeOf(facts);
  if (place === 'The job' || (facts.failedStep !== null && PHASE.test(facts.failedStep) && commandOf(facts) === null))
    return null;
  const where = place.charAt(0).toLowerCase() + place.slice(1);
  return `It happens in ${where}${exitOf(facts, ' (exit code ')}.`;
}

export function exitOf({ exitCode }: Facts, lead = ' with exit code '): string {
  return exitCode === null ? '' : `${lead}${exitCode}${lead.includes('(') ? ')' : ''}`;
}
