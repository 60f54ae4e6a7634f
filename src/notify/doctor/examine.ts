import { AppError, errorId } from '../../errors.ts';
import type { HealthFinding } from '../../domain/health.ts';
import { uncheckedFinding } from '../../messages/doctor/platform-words.ts';
import { CHANNEL_CHECKS } from './channel.ts';
import type { Check, DoctorDeps, Patient } from './check.ts';
import { GAP_CHECKS } from './gaps.ts';
import { PLATFORM_CHECKS } from './platform.ts';
import { WORKSPACE_CHECKS } from './workspace.ts';

export interface ExamineOptions {
  /** For each check; they run side by side. */
  withinMs: number;
  /** Where the database is away, what reads it is left out: that was said already. */
  hasDatabase?: boolean;
}

/** Looks at everything at once. Never rejects: a check that fails or takes too long is a finding of its own, and hides no other. */
export async function examine(
  deps: DoctorDeps,
  { isAll, workspaceId, channelId, neededScopes }: Patient,
  { withinMs, hasDatabase = true }: ExamineOptions,
): Promise<HealthFinding[]> {
  const look = <Place>(checks: ReadonlyArray<Check<Place>>, place: Place) =>
    checks
      .filter(({ needsDatabase }) => hasDatabase || !needsDatabase)
      .map((check) => runInTime(check, { deps, place, withinMs }));
  const found = await Promise.all([
    ...(isAll ? look(PLATFORM_CHECKS, {}) : []),
    ...(isAll ? look(GAP_CHECKS, { workspaceId }) : []),
    ...(isAll && workspaceId !== null ? look(WORKSPACE_CHECKS, { workspaceId, neededScopes }) : []),
    ...(workspaceId !== null && channelId !== null ? look(CHANNEL_CHECKS, { workspaceId, channelId }) : []),
  ]);
  return found.flat();
}

async function runInTime<Place>(
  check: Check<Place>,
  { deps, place, withinMs }: { deps: DoctorDeps; place: Place; withinMs: number },
): Promise<HealthFinding[]> {
  const { name } = check;
  const late = new AbortController();
  const tooLate = Promise.withResolvers<HealthFinding[]>();
  const timer = setTimeout(() => {
    late.abort(new Error('The check took too long'));
    tooLate.resolve([uncheckedFinding(name, 'late')]);
  }, withinMs);
  try {
    return await Promise.race([tooLate.promise, check.run(deps, place, late.signal)]);
  } catch (error) {
    if (late.signal.aborted) return [uncheckedFinding(name, 'late')];
    const id = error instanceof AppError ? error.id : errorId();
    deps.log.warn({ error, errorId: id, check: name }, 'Health check failed');
    return [uncheckedFinding(name, { code: error instanceof AppError ? error.code : `error id ${id}` })];
  } finally {
    clearTimeout(timer);
  }
}
