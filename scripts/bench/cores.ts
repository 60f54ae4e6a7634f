import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LAUNCHER = ['taskset', '-c', '0'];

/** What holds a process on one core, where the system has it. */
export async function oneCore(): Promise<readonly string[]> {
  return (await succeeds([...LAUNCHER, 'true'])) ? LAUNCHER : [];
}

/** Leaves that core to what is measured: this process, and whatever it starts from now on, runs on the others. */
export async function leaveOneCore(): Promise<{ isLeft: boolean; giveBack(): Promise<void> }> {
  const last = availableParallelism() - 1;
  const moveTo = (cores: string): Promise<boolean> => succeeds(['taskset', '-a', '-p', '-c', cores, `${process.pid}`]);
  const isLeft = last > 0 && (await moveTo(`1-${last}`));
  return {
    isLeft,
    async giveBack() {
      if (isLeft) await moveTo(`0-${last}`);
    },
  };
}

async function succeeds([program = '', ...args]: readonly string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    () => false,
  );
}
