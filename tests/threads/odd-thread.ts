import { digest as read, type DigestTask } from '../../src/threads/digest-thread.ts';

/** A thread that goes wrong as the job's name says, and reads the log of any other job. */
export function digest(task: DigestTask): ReturnType<typeof read> {
  const reading = read(task);
  switch (task.job?.name ?? '') {
    case 'ends':
      return process.exit(3);
    case 'hangs':
      setImmediate(hang);
      return reading;
    case 'hogs':
      setImmediate(hog);
      return reading;
    default:
      return reading;
  }
}

function hang(): void {
  for (;;);
}

function hog(): void {
  for (const kept: object[] = []; ; kept.push({ kept }));
}
