import ansis from 'ansis';
import { afternoon, brokenMain, flakyMorning, prepare } from './demo/day.ts';
import { DemoError } from './demo/error.ts';
import { createChecklist, type Checklist, type Output } from './demo/output.ts';
import { buildStage, type Stage } from './demo/stage.ts';
import { findFaults, renderThreads } from './demo/verdict.ts';

export interface DemoOptions {
  /** True: print the final threads and end. False: keep the page open until SIGINT or SIGTERM. */
  exit: boolean;
  stdout: Output;
  stderr: Output;
  /** Port of the page; any free one if not given. */
  openPort?: number;
}

/**
 * Plays a day of CI failures: the product as a process of its own, between a local Slack and a local GitHub, with empty
 * data that is removed at the end. Returns the exit code: 0 only if every thread says what it should.
 */
export async function runDemo({ exit, stdout, stderr, openPort }: DemoOptions): Promise<number> {
  const interruption = onInterrupt();
  const stopped = new AbortController();
  let stage: Stage | null = null;
  try {
    stage = await buildStage(openPort === undefined ? {} : { pagePort: openPort });
    const faults = await Promise.race([
      play(stage, createChecklist(stdout, stopped.signal)),
      interruption.happened.then(() => null),
    ]);
    if (faults === null) return 130;
    if (exit) stdout.write(`\n${renderThreads(stage)}\n`);
    report(faults, stdout, stderr);
    if (!exit) {
      stdout.write(`\nThe workspace is open at ${ansis.bold.cyan(stage.slack.url)}\n`);
      stdout.write(
        `Type /cortex commands there, click, open the App Home. GitHub's side: ${stage.github.url}/acme/checkout-api\n`,
      );
      stdout.write('Ctrl-C ends it.\n');
      await Promise.race([interruption.happened, stage.product.failed]);
    }
    return faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof DemoError)) throw error;
    stderr.write(`${[ansis.red(error.message), ...error.details].join('\n')}\n`);
    return 1;
  } finally {
    stopped.abort();
    if (stage !== null) stdout.write(ansis.dim('Stopping …\n'));
    await stage?.strike();
    interruption.ignore();
  }
}

/** Plays the day; returns what is not as it should be. */
async function play(stage: Stage, checklist: Checklist): Promise<string[]> {
  checklist.heading('The product, a local Slack and a local GitHub');
  await checklist.step('Start the product with empty data', async () => {
    await stage.product.ready();
    return stage.product.url;
  });
  await prepare(stage, checklist);
  checklist.heading('Morning: a flaky test');
  await flakyMorning(stage, checklist);
  checklist.heading('Noon: main is broken');
  await brokenMain(stage, checklist);
  checklist.heading('Afternoon: a full disk, a lost cent, and the flaky test again');
  await afternoon(stage, checklist);
  return findFaults(stage);
}

function report(faults: readonly string[], stdout: Output, stderr: Output): void {
  if (faults.length === 0) {
    stdout.write(`\n${ansis.green('Every thread says what it should.')}\n`);
    return;
  }
  stderr.write(
    `\n${ansis.red('Not every thread says what it should:')}\n${faults.map((fault) => `  - ${fault}\n`).join('')}`,
  );
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Interruption {
  /** Resolves at the first SIGINT, SIGTERM or SIGHUP. Later ones are ignored: the stop is under way, and it is bounded. */
  happened: Promise<void>;
  /** Leaves signals to others again. */
  ignore: () => void;
}

function onInterrupt(): Interruption {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listen = (): void => resolve();
  for (const signal of SIGNALS) process.on(signal, listen);
  return { happened: promise, ignore: () => SIGNALS.forEach((signal) => process.off(signal, listen)) };
}
