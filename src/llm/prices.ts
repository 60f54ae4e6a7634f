import type { ModelChoice, TokenUsage } from '../domain/reasoning.ts';

/** US dollars for a million tokens, which is the same figure as millionths of a dollar for one. */
export interface Rates {
  input: number;
  output: number;
  /** Input that the provider had in its cache; as `input` where it is not given. */
  cachedInput?: number | undefined;
  /** Input that goes into its cache; a quarter more than `input` where it is not given. */
  cacheWrite?: number | undefined;
}

export interface Price extends Rates {
  /** For prompts of more than `over` tokens. */
  long?: (Rates & { over: number }) | undefined;
}

/** By model id, or by its beginning with a `*`. */
export type PriceTable = Readonly<Record<string, Price>>;

/**
 * List prices of the providers, as others had copied them by November 2026 from https://platform.claude.com/docs/en/about-claude/pricing and
 * https://developers.openai.com/api/docs/pricing. No invoice was ever compared: operators check them.
 */
export const LIST_PRICES: PriceTable = {
  'claude-haiku-5-5*': {
    input: 0.1,
    output: 0.5,
    cachedInput: 0.01,
    long: { over: 100_000, input: 0.5, output: 2.5, cachedInput: 0.05 },
  },
  'claude-sonnet-5-5*': { input: 2, output: 10, cachedInput: 0.1 },
  'claude-sonnet-5': { input: 2, output: 10, cachedInput: 0.2 },
  'claude-opus-5-5*': { input: 4, output: 20, cachedInput: 0.2 },
  'claude-opus-5': { input: 5, output: 25, cachedInput: 0.5 },
  'claude-fable-5-1*': { input: 10, output: 50, cachedInput: 0.25 },
  'claude-haiku-4-5*': { input: 1, output: 5, cachedInput: 0.1 },
  'claude-sonnet-4-6*': { input: 3, output: 15, cachedInput: 0.3 },
  'gpt-6-luna': {
    input: 0.1,
    output: 0.5,
    cachedInput: 0.01,
    long: { over: 272_000, input: 0.2, output: 0.75, cachedInput: 0.02 },
  },
  'gpt-6-sol': {
    input: 2,
    output: 10,
    cachedInput: 0.2,
    long: { over: 272_000, input: 4, output: 15, cachedInput: 0.4 },
  },
  'gpt-6.1-sol': {
    input: 2,
    output: 10,
    cachedInput: 0.1,
    long: { over: 272_000, input: 4, output: 15, cachedInput: 0.2 },
  },
  'gpt-6-astra': { input: 10, output: 50, cachedInput: 1 },
  'gpt-5.6-luna': { input: 0.2, output: 1.2, cachedInput: 0.02 },
  'gpt-5.6-terra': { input: 2, output: 12, cachedInput: 0.2 },
  'gpt-5.5': { input: 5, output: 30, cachedInput: 0.5 },
  'gpt-5.5-pro*': { input: 30, output: 180, cachedInput: 30 },
  'gpt-5.4-mini*': { input: 0.75, output: 4.5, cachedInput: 0.075 },
};

const FREE: Price = { input: 0, output: 0 };
const CACHE_WRITE_SURCHARGE = 1.25;

/** The operator's price before ours, the longest matching id first. An unknown model is as dear as the dearest that is known. */
export function findPrice({ provider, model }: ModelChoice, own: PriceTable): Price {
  const price = match(own, model);
  if (price !== null) return price;
  if (provider === 'ollama') return FREE;
  return match(LIST_PRICES, model) ?? dearest([...Object.values(own), ...Object.values(LIST_PRICES)]);
}

function match(table: PriceTable, model: string): Price | null {
  const fits = Object.keys(table)
    .filter((id) => (id.endsWith('*') ? model.startsWith(id.slice(0, -1)) : model === id))
    .toSorted((a, b) => lengthOf(b) - lengthOf(a));
  return fits[0] === undefined ? null : (table[fits[0]] ?? null);
}

/** A whole id goes before a beginning of the same length. */
function lengthOf(id: string): number {
  return id.endsWith('*') ? id.length - 1.5 : id.length;
}

function dearest(prices: readonly Price[]): Price {
  const rates = prices.flatMap((price) => [price, ...(price.long === undefined ? [] : [price.long])]).map(complete);
  const highest = (kind: keyof Rates): number => Math.max(...rates.map((rate) => rate[kind]));
  return {
    input: highest('input'),
    output: highest('output'),
    cachedInput: highest('cachedInput'),
    cacheWrite: highest('cacheWrite'),
  };
}

interface FullRates {
  input: number;
  output: number;
  cachedInput: number;
  cacheWrite: number;
}

function complete({ input, output, cachedInput, cacheWrite }: Rates): FullRates {
  return {
    input,
    output,
    cachedInput: cachedInput ?? input,
    cacheWrite: Math.max(input, cacheWrite ?? input * CACHE_WRITE_SURCHARGE),
  };
}

/**
 * In millionths of a US dollar, rounded up. What was not read from the cache counts as written to it: that is so for nearly all of our prompts, and
 * the counts of tokens that are kept do not tell the rest apart.
 */
export function costMicroUsd(price: Price, { inputTokens, outputTokens, cachedTokens }: TokenUsage): number {
  const { output, cachedInput, cacheWrite } = complete(bandOf(price, inputTokens));
  const cached = Math.min(cachedTokens, inputTokens);
  return roundUp((inputTokens - cached) * cacheWrite + cached * cachedInput + outputTokens * output);
}

function bandOf(price: Price, inputTokens: number): Rates {
  return price.long !== undefined && inputTokens > price.long.over ? price.long : price;
}

/** The most that so many tokens can cost, whatever the cache holds. */
export function mostMicroUsd(price: Price, { inputTokens, outputTokens }: Omit<TokenUsage, 'cachedTokens'>): number {
  const bands = [price, ...(price.long !== undefined && inputTokens > price.long.over ? [price.long] : [])].map(
    complete,
  );
  const most = bands.map(
    ({ output, cachedInput, cacheWrite }) => inputTokens * Math.max(cacheWrite, cachedInput) + outputTokens * output,
  );
  return roundUp(Math.max(...most));
}

/** Products of decimal fractions are off by a hair, which must not become a whole millionth. */
function roundUp(microUsd: number): number {
  return Math.ceil(Number(microUsd.toFixed(6)));
}
