import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import type { Model, ModelRequest, Models } from '../domain/model-ports.ts';
import type { Log } from '../domain/ports.ts';
import type {
  ModelChoice,
  ModelProvider,
  ModelRoutes,
  ModelTier,
  SpendingLimits,
  TokenUsage,
} from '../domain/reasoning.ts';
import { type Circuit, createCircuit } from './circuit.ts';
import { connectClaude } from './claude-model.ts';
import { connectGpt } from './gpt.ts';
import { connectOllama } from './ollama.ts';
import { costMicroUsd, findPrice, mostMicroUsd, type PriceTable } from './prices.ts';
import { type Wait, waitForReal, withResilience } from './resilience.ts';
import { boundInput } from './tokens.ts';
import { askOver, type Effort, type Wire } from './wire.ts';

/** The operator's configuration of models; null for a provider that is not configured, and for a route that is the default. */
export interface ModelsConfig {
  claude: { apiKey: string; baseUrl: string; model?: string } | null;
  gpt: { apiKey: string; baseUrl: string } | null;
  ollama: { baseUrl: string; model: string } | null;
  /** Over a whole analysis; no wait for one provider takes more than a quarter of it. */
  deadlineMs: number;
  streaming: boolean;
  effort: Effort;
  prices: PriceTable;
  routes: Record<ModelTier, ModelChoice[] | null>;
  limits: SpendingLimits;
}

export interface ModelsDeps {
  log: Log;
  wait?: Wait;
  random?: () => number;
  now?: () => number;
}

/** Every model that can be asked. Asks nobody until `ask`. */
export function createModels(config: ModelsConfig, deps: ModelsDeps): Models {
  const connections = connect(config);
  const circuits = new Map<ModelProvider, Circuit>();
  for (const provider of connections.keys()) circuits.set(provider, createCircuit(provider, deps.log));
  const known = new Map<string, Model>();

  function find({ provider, model }: ModelChoice): Model | null {
    const connection = connections.get(provider);
    const circuit = circuits.get(provider);
    if (connection === undefined || circuit === undefined) return null;
    const id = `${provider}:${model}`;
    const found = known.get(id) ?? createModel(connection(model), { circuit, config, deps });
    known.set(id, found);
    return found;
  }

  return {
    find,
    missing: (provider) => (connections.has(provider) ? null : NEEDED[provider]),
    routes: chooseRoutes(config),
    limits: config.limits,
    circuits: () => Object.fromEntries([...circuits].map(([name, circuit]) => [name, circuit.isOpen() ? 1 : 0])),
  };
}

const NEEDED: Record<ModelProvider, string> = {
  claude: 'ANTHROPIC_API_KEY',
  gpt: 'OPENAI_API_KEY',
  ollama: 'OLLAMA_BASE_URL and OLLAMA_MODEL',
};

type Connection = (model: string) => Wire;

function connect({ claude, gpt, ollama, ...shared }: ModelsConfig): Map<ModelProvider, Connection> {
  const { streaming, effort, deadlineMs: timeoutMs } = shared;
  const connections = new Map<ModelProvider, Connection>();
  if (claude !== null) connections.set('claude', connectClaude({ ...claude, streaming, effort, timeoutMs }));
  if (gpt !== null) connections.set('gpt', connectGpt({ ...gpt, streaming, effort, timeoutMs }));
  if (ollama !== null) connections.set('ollama', connectOllama({ ...ollama, streaming, effort, timeoutMs }));
  return connections;
}

/** From the SDKs' own lists of models: the newest small and middle ones that are not announced to end. */
const DEFAULTS = {
  claude: { small: 'claude-haiku-5-5', large: 'claude-sonnet-5-5' },
  gpt: { small: 'gpt-6-luna', large: 'gpt-6.1-sol' },
} as const satisfies { claude: Record<ModelTier, Anthropic.Model>; gpt: Record<ModelTier, OpenAI.ChatModel> };

function chooseRoutes({ claude, gpt, ollama, routes }: ModelsConfig): ModelRoutes {
  const choose = (tier: ModelTier): ModelChoice[] => {
    const choices: ModelChoice[] = [];
    const preferred = tier === 'small' ? claude?.model : undefined;
    if (claude !== null) choices.push({ provider: 'claude', model: preferred ?? DEFAULTS.claude[tier] });
    if (gpt !== null) choices.push({ provider: 'gpt', model: DEFAULTS.gpt[tier] });
    if (ollama !== null) choices.push({ provider: 'ollama', model: ollama.model });
    return choices;
  };
  return { small: routes.small ?? choose('small'), large: routes.large ?? choose('large') };
}

interface Surroundings {
  circuit: Circuit;
  config: ModelsConfig;
  deps: ModelsDeps;
}

function createModel(wire: Wire, { circuit, config, deps }: Surroundings): Model {
  const { provider, model, thoughtTokens } = wire;
  const { wait = waitForReal, random = Math.random, now = Date.now } = deps;
  const price = findPrice({ provider, model }, config.prices);
  const longestWaitMs = config.deadlineMs / 4;
  return {
    provider,
    model,
    estimateMicroUsd: ({ prompt, maxOutputTokens }: ModelRequest) =>
      mostMicroUsd(price, { inputTokens: boundInput(prompt), outputTokens: maxOutputTokens + thoughtTokens }),
    costMicroUsd: (usage: TokenUsage) => costMicroUsd(price, usage),
    ask: withResilience(askOver(wire, now), { provider, circuit, longestWaitMs, wait, random }),
  };
}
