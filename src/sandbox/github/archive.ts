import { ZipFile } from 'yazl';
import type { Attempt, Job } from './state.ts';

/** The zip of one attempt's logs as GitHub packs it: each job's whole log, and a folder per job with one file per step. */
export function logArchive(attempt: Attempt): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [index, job] of attempt.jobs.entries()) {
    const name = fileName(job.name);
    zip.addBuffer(logBytes(job.log), `${index}_${name}.txt`);
    for (const { number, name: step, from, to } of job.steps) {
      if (to > from) zip.addBuffer(logBytes(job.log.slice(from, to)), `${name}/${number}_${fileName(step)}.txt`);
    }
  }
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    zip.outputStream.on('data', (chunk: Buffer) => chunks.push(chunk));
    zip.outputStream.on('error', reject);
    zip.outputStream.on('end', () => resolve(Buffer.concat(chunks)));
    zip.end();
  });
}

/** One job's log: with the byte order mark that GitHub puts in front. */
export const jobLog = (job: Job): Buffer => logBytes(job.log);

const logBytes = (lines: readonly string[]): Buffer => Buffer.from(`\uFEFF${lines.join('\n')}\n`);

/** GitHub drops what file systems refuse. */
const fileName = (name: string): string => name.replaceAll(/[<>:"/\\|?*]/gu, '').slice(0, 90);
