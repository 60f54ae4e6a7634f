import type { Backlog, HealthFinding } from '../../domain/health.ts';
import type { UsageReport } from '../../domain/reasoning.ts';
import { dollars, wholeDollars } from '../money.ts';
import { count, duration, oneLine } from '../text.ts';
import { problem, warning, well } from './finding.ts';

/** A check that did not come to an end. `code` is that of an error of ours. */
export function uncheckedFinding(what: string, reason: { code: string } | 'late'): HealthFinding {
  return reason === 'late'
    ? problem(
        `${what}: no answer in time`,
        'Ask again in a minute. Should it stay so, that part is away or overloaded.',
      )
    : problem(
        `${what}: the check failed (${oneLine(reason.code, 60)})`,
        'The log says more under "Health check failed".',
      );
}

export function configurationFinding({ isEmbedded }: { isEmbedded: boolean }): HealthFinding {
  return isEmbedded
    ? warning(
        'The configuration is complete; database and queue are the embedded ones, for trials on one machine',
        'Set DATABASE_URL and REDIS_URL before others rely on this.',
      )
    : well('The configuration is complete');
}

/** By variable name; a value is never repeated. */
export function configurationProblem(line: string): HealthFinding {
  return problem(`Configuration: ${line}`, 'docs/configuration.md explains every variable.');
}

/** The database cannot be used at all. */
export function databaseAwayFinding(reason: string): HealthFinding {
  return problem(
    `The database cannot be used: ${reason}`,
    'Check DATABASE_URL, and that the server takes connections. What is stored could not be checked.',
  );
}

export function schemaFinding(isBehind: boolean): HealthFinding {
  return isBehind
    ? problem('The database answers, and its schema is behind this version', 'Run "cortex migrate".')
    : well('The database answers, and its schema is up to date');
}

/** From this difference on times in messages are wrong; from five minutes on Slack's requests are refused. */
const CLOCK_WARN_MS = 30_000;
const CLOCK_FAIL_MS = 5 * 60_000;

export function clockFinding(differenceMs: number): HealthFinding {
  const apart = Math.abs(differenceMs);
  const says = `This machine's clock and the database's are ${count(Math.round(apart / 1_000), 'second')} apart`;
  if (apart >= CLOCK_FAIL_MS) {
    return problem(says, 'Set the clock by NTP: requests of Slack that seem five minutes old are refused.');
  }
  return apart >= CLOCK_WARN_MS ? warning(says, 'Set the clock by NTP.') : well('The clocks agree');
}

export function queueFinding(isHealthy: boolean, description: string): HealthFinding {
  return isHealthy
    ? well(`The queue answers (${description})`)
    : warning(
        `The queue does not answer (${description}): nothing is lost, and work starts some seconds later`,
        'Check REDIS_URL and the Redis server.',
      );
}

/** A job that is due for so long has nobody who works. */
const WAITS_TOO_LONG_MS = 60_000;

export function backlogFindings({ queued, leased, dead, oldestDueMs }: Backlog): HealthFinding[] {
  const amount = `${count(queued, 'job')} waiting or planned, ${leased} in hand`;
  const waited = oldestDueMs !== null && oldestDueMs > WAITS_TOO_LONG_MS ? duration(oldestDueMs) : null;
  return [
    waited === null
      ? well(`Work flows: ${amount}`)
      : problem(
          `Work waits: the oldest job has been due for ${waited} (${amount})`,
          'Is a worker running? See docs/operations.md.',
        ),
    ...(dead === 0
      ? []
      : [
          warning(
            `${count(dead, 'job')} parked for good`,
            'The log says why under "Job parked", each with an error id.',
          ),
        ]),
  ];
}

export function modelRouteFinding(models: readonly string[]): HealthFinding {
  return models.length === 0
    ? well('No model is configured: the offline analyser explains')
    : well(`Models that are asked, in this order: ${models.map((name) => oneLine(name, 60)).join(', ')}`);
}

export function modelMissingFinding(provider: string, variable: string): HealthFinding {
  return warning(`A route names ${provider}, which cannot be asked`, `Set ${variable}, or change the route.`);
}

export function modelAwayFinding(provider: string): HealthFinding {
  return warning(
    `${provider} failed several times and is not asked for a minute`,
    'It is tried again by itself. Until then other models or the offline analyser explain.',
  );
}

export function budgetFinding(
  { spentMicroUsd, reservedMicroUsd }: Pick<UsageReport, 'spentMicroUsd' | 'reservedMicroUsd'>,
  budgetUsd: number,
): HealthFinding {
  const left = budgetUsd * 1_000_000 - spentMicroUsd - reservedMicroUsd;
  return left > 0
    ? well(`Budget: ${dollars(left)} of ${wholeDollars(budgetUsd)} left this month`)
    : warning(
        `The budget of ${wholeDollars(budgetUsd)} for this month is spent: the offline analyser explains`,
        'An admin can raise it: /cortex settings',
      );
}
