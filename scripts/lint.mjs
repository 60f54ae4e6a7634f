// Lint and format check with the tools of this checkout; exits with the first failure.
import { spawnSync } from 'node:child_process';

const steps = [
  ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '.'],
  ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
];

for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
