import ansis from 'ansis';

/** A stream that text goes to; `process.stdout` is one. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** The progress of the demo: one line per step, written when the step is done; on a terminal the step at work shows too. */
export interface Checklist {
  heading: (title: string) => void;
  /** Runs the step. Its line says how long it took, and what `work` returned, if that is text. */
  step: (title: string, work: () => Promise<string | void>) => Promise<void>;
}

/** Once `stopped` is aborted nothing more is written: what fails then fails because everything is being stopped. */
export function createChecklist(output: Output, stopped: AbortSignal): Checklist {
  const begin = performance.now();
  const clock = (): string => ansis.dim(`${((performance.now() - begin) / 1000).toFixed(1).padStart(5)} s`);
  return {
    heading: (title) => void output.write(`\n${ansis.bold(title)}\n`),
    async step(title, work) {
      if (output.isTTY === true) output.write(`${clock()}  ${ansis.yellow('…')} ${title}`);
      const line = (mark: string, words: string): void => {
        if (stopped.aborted) return;
        output.write(`${output.isTTY === true ? '\r\u001B[2K' : ''}${clock()}  ${mark} ${words}\n`);
      };
      try {
        const result = await work();
        line(ansis.green('✓'), typeof result === 'string' ? `${title}: ${ansis.dim(result)}` : title);
      } catch (error) {
        line(ansis.red('✗'), title);
        throw error;
      }
    },
  };
}
