import type { HealthFinding } from '../../domain/health.ts';

/** Something stops us until a person acts. */
export function problem(says: string, remedy: string): HealthFinding {
  return { level: 'problem', says, remedy };
}

/** Something is less than it could be. */
export function warning(says: string, remedy: string): HealthFinding {
  return { level: 'warning', says, remedy };
}

export function well(says: string): HealthFinding {
  return { level: 'ok', says, remedy: null };
}
