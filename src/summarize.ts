import { choiceOf, NO_MODELS } from './analysis/route.ts';
import { explain, interruption, random, redactorOfLogs, WRONG_USE } from './cli/shell.ts';
import { summarizeLog } from './cli/summarize.ts';
import { modelSecrets } from './config-models.ts';
import type { loadModels } from './config.ts';
import type { Models } from './domain/ports.ts';
import type { ModelProvider } from './domain/reasoning.ts';
import { createLogger } from './logger.ts';

interface SummarizeDeps {
  config: ReturnType<typeof loadModels>;
  version: string;
  colour?: boolean;
}

/** The SDKs of the providers take a while to load; they are, also without a key: they know what is missing. */
async function loadModelsOf({ config, version }: Pick<SummarizeDeps, 'config' | 'version'>): Promise<Models> {
  const { createModels } = await import('./llm/models.ts');
  const log = createLogger({ level: 'error', version, redact: redactorOfLogs(modelSecrets(config)) });
  return createModels(config, { log });
}

/** What can be typed behind `cortex summarize`. */
export interface SummarizeArguments {
  log: string;
  json: boolean;
  passing?: string;
  maxLines?: number;
  model?: ModelProvider | 'offline';
}

/** Explains one log, and resolves with the exit code. */
export async function summarize(
  { log: file, json, passing, maxLines, model }: SummarizeArguments,
  { config, version, ...colour }: SummarizeDeps,
): Promise<number> {
  const models = model === 'offline' ? NO_MODELS : await loadModelsOf({ config, version });
  const choice = model === undefined || model === 'offline' ? undefined : choiceOf(models, model);
  if (model !== undefined && model !== 'offline' && choice === null) {
    const missing = models.missing(model) ?? 'MODEL_ROUTE_SMALL or MODEL_ROUTE_LARGE to one of its models';
    explain(`${model} cannot be asked: set ${missing}, or leave out --model for the offline analyser.`);
    return WRONG_USE;
  }
  return summarizeLog({
    file,
    json,
    models,
    deadlineMs: config.deadlineMs,
    ...(choice == null ? {} : { choice }),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: { now: () => new Date() },
    random,
    secrets: modelSecrets(config),
    signal: interruption(),
    ...(passing === undefined ? {} : { passing }),
    ...(maxLines === undefined ? {} : { maxLines }),
    ...colour,
  });
}
