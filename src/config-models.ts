import { z } from 'zod';
import { CommaList, Milliseconds, PrivateServiceUrl, Secret, ServiceUrl } from './config-values.ts';
import { MODEL_PROVIDERS, ModelChoice, type ModelProvider } from './domain/reasoning.ts';

/** US dollars for a million tokens. */
const Usd = z.number().min(0).max(100_000);

const Rates = z.strictObject({
  input: Usd,
  output: Usd,
  /** Input that the provider had in its cache. */
  cachedInput: Usd.optional(),
  /** Input that goes into its cache. */
  cacheWrite: Usd.optional(),
});

/** What a model costs; `long` where a prompt of more than `over` tokens costs more. */
const Price = Rates.extend({ long: Rates.extend({ over: z.number().int().min(1) }).optional() });

const PRICES =
  'must be JSON: prices in US dollars for a million tokens by model id, such as {"my-model*": {"input": 1, "output": 5}}';
const PriceTable = z.record(z.string().regex(/^[\w.:/-]{1,100}\*?$/u), Price);

const Prices = z.string().transform((text, context) => {
  const table = PriceTable.safeParse(parseJson(text));
  if (table.success) return table.data;
  context.addIssue(PRICES);
  return z.NEVER;
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ROUTE = `must be up to five PROVIDER:MODEL pairs, separated by commas; a provider is ${MODEL_PROVIDERS.join(', ')}`;
const Choices = z.array(ModelChoice).min(1).max(5);

const Route = CommaList.transform((pairs, context) => {
  const choices = Choices.safeParse(pairs.map(toChoice));
  if (choices.success) return choices.data;
  context.addIssue(ROUTE);
  return z.NEVER;
});

/** `claude:claude-haiku-5-5`; the ids of Ollama hold colons of their own. */
function toChoice(pair: string): { provider: string; model: string } {
  const colon = pair.indexOf(':');
  return { provider: pair.slice(0, Math.max(colon, 0)).trim(), model: pair.slice(colon + 1).trim() };
}

/** Every variable about models. */
export const MODEL_VARIABLES = {
  ANTHROPIC_API_KEY: Secret.optional(),
  ANTHROPIC_BASE_URL: ServiceUrl.default('https://api.anthropic.com'),
  ANTHROPIC_MODEL: z.string().min(1).optional(),
  OPENAI_API_KEY: Secret.optional(),
  OPENAI_BASE_URL: ServiceUrl.default('https://api.openai.com/v1'),
  OLLAMA_BASE_URL: PrivateServiceUrl.optional(),
  OLLAMA_MODEL: ModelChoice.shape.model.optional(),
  MODEL_ROUTE_SMALL: Route.optional(),
  MODEL_ROUTE_LARGE: Route.optional(),
  MODEL_EFFORT: z.enum(['low', 'medium', 'high']).default('low'),
  MODEL_STREAMING: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(true),
  MODEL_PRICES: Prices.default({}),
  MODEL_BUDGET_USD: z.coerce.number().min(0).max(1_000_000).default(50),
  MODEL_CALLS_PER_HOUR: z.coerce.number().int().min(0).max(100_000).default(200),
  ANALYSIS_DEADLINE_MS: Milliseconds.default(60_000),
};
const ModelVariables = z.object(MODEL_VARIABLES);
type ModelVariables = z.infer<typeof ModelVariables>;

/** What has to be set before a provider can be asked. */
const NEEDED: Record<ModelProvider, readonly string[]> = {
  claude: ['ANTHROPIC_API_KEY'],
  gpt: ['OPENAI_API_KEY'],
  ollama: ['OLLAMA_BASE_URL', 'OLLAMA_MODEL'],
};

/** A route that leads to a provider without a key is a mistake; so is half an Ollama. */
export function checkModels(set: Record<string, string>): string[] {
  const isSet = (name: string): boolean => name in set;
  const half = NEEDED.ollama.filter(isSet).length === 1;
  const routes = ['MODEL_ROUTE_SMALL', 'MODEL_ROUTE_LARGE'].flatMap((variable) =>
    MODEL_PROVIDERS.filter((provider) => new RegExp(`(?:^|,)\\s*${provider}:`, 'u').test(set[variable] ?? ''))
      .filter((provider) => !NEEDED[provider].every(isSet))
      .map((provider) => `${variable} leads to ${provider}, which needs ${NEEDED[provider].join(' and ')}`),
  );
  return half ? ['OLLAMA_BASE_URL and OLLAMA_MODEL are needed together', ...routes] : routes;
}

/** The slice for `llm`. `claude`, `gpt` and `ollama` are null where they are not configured. */
export function arrangeModels(env: ModelVariables) {
  const { ANTHROPIC_API_KEY, ANTHROPIC_MODEL, OPENAI_API_KEY, OLLAMA_BASE_URL, OLLAMA_MODEL } = env;
  const model = ANTHROPIC_MODEL === undefined ? {} : { model: ANTHROPIC_MODEL };
  const isOllamaSet = OLLAMA_BASE_URL !== undefined && OLLAMA_MODEL !== undefined;
  return {
    claude:
      ANTHROPIC_API_KEY === undefined ? null : { apiKey: ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL, ...model },
    gpt: OPENAI_API_KEY === undefined ? null : { apiKey: OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL },
    ollama: isOllamaSet ? { baseUrl: OLLAMA_BASE_URL, model: OLLAMA_MODEL } : null,
    deadlineMs: env.ANALYSIS_DEADLINE_MS,
    streaming: env.MODEL_STREAMING,
    effort: env.MODEL_EFFORT,
    prices: env.MODEL_PRICES,
    routes: { small: env.MODEL_ROUTE_SMALL ?? null, large: env.MODEL_ROUTE_LARGE ?? null },
    limits: { monthlyBudgetUsd: env.MODEL_BUDGET_USD, callsPerHour: env.MODEL_CALLS_PER_HOUR },
  };
}

/** Keys of models, as text that could stand in a log. */
export function modelSecrets({ claude, gpt }: ReturnType<typeof arrangeModels>): string[] {
  return [claude?.apiKey, gpt?.apiKey].filter((key) => key !== undefined);
}
