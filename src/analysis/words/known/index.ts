import type { Category } from '../../../domain/diagnosis.ts';
import { BUILDERS } from './builders.ts';
import { CHECKS } from './checks.ts';
import { DEPLOYMENT } from './deployment.ts';
import { GITHUB } from './github.ts';
import { JAVASCRIPT } from './javascript.ts';
import { JVM } from './jvm.ts';
import type { Known } from './known.ts';
import { NATIVE } from './native.ts';
import { PYTHON } from './python.ts';
import { RUNNER } from './runner.ts';
import { SCRIPTING } from './scripting.ts';
import { SHELL } from './shell.ts';

export type { Known } from './known.ts';

/** Everything that has words of its own; of equals in weight the earlier one speaks. */
export const KNOWN: readonly Known[] = [
  ...about('infrastructure', RUNNER),
  ...about('configuration', GITHUB),
  ...JAVASCRIPT,
  ...PYTHON,
  ...JVM,
  ...NATIVE,
  ...BUILDERS,
  ...SCRIPTING,
  ...about('deployment', DEPLOYMENT),
  ...about('lint', CHECKS),
  ...about('configuration', SHELL),
];

function about(category: Category, table: readonly Known[]): Known[] {
  return table.map((known) => ({ category, ...known }));
}
