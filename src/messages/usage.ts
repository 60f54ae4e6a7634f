import type { KnownBlock } from '@slack/types';
import type { Message } from '../domain/message.ts';
import type { UsageReport } from '../domain/reasoning.ts';
import { header, message, note } from './blocks.ts';
import { bar, compact, dollars, share, wholeDollars } from './money.ts';
import { bold, bullets, code, mono, paragraph, text, type Span } from './rich-text.ts';
import { count, oneLine } from './text.ts';

/** What a workspace spent, and what it may spend. */
export interface Spending {
  report: UsageReport;
  budgetUsd: number;
}

/** How many lines each list shows; the rest is one line. */
const MODELS = 10;
const REPOSITORIES = 10;
const DAYS = 14;

const BAR_CELLS = 20;
const DAY_CELLS = 14;
/** From this share of the budget on, people are warned. */
const WARN_FROM = 0.8;
const MICRO = 1_000_000;

/** The spend of one month, by model, repository and day, and what people think of the explanations. */
export function usageMessage(spending: Spending): Message {
  const { report } = spending;
  const month = monthWords(report.month);
  if (report.calls === 0 && report.reused === 0 && report.spentMicroUsd === 0) return quietMonth(spending);
  return message(`Models in ${month}: ${spendWords(spending)}`, [
    header(`Models in ${month}`),
    paragraph(...budgetLines(spending), text('\n'), text(callWords(report))),
    ...models(report),
    ...repositories(report),
    ...days(report),
    ...opinions(report),
    note(
      'Counted by the prices in the configuration, by days and months in UTC. The bill of the provider is what counts.',
    ),
  ]);
}

/** One line for the App Home. */
export function spendLine(spending: Spending): string {
  return `Models in ${monthWords(spending.report.month)}: ${spendWords(spending)}. More: /cortex usage`;
}

function quietMonth(spending: Spending): Message {
  const { report, budgetUsd } = spending;
  const month = monthWords(report.month);
  const words =
    budgetUsd > 0
      ? `No model was asked in ${month} yet, so nothing is spent of the budget of ${wholeDollars(budgetUsd)}. The first failure that a model explains shows up here.`
      : `No model was asked in ${month}, and none will be: the budget is $0. Explanations are written by rules, which cost nothing.`;
  return message(words, [paragraph(text(words)), ...opinions(report)]);
}

function spendWords({ report, budgetUsd }: Spending): string {
  const spent = dollars(report.spentMicroUsd);
  const calls = count(report.calls, 'call');
  if (budgetUsd <= 0) return `${spent} for ${calls}, with a budget of $0`;
  return `${spent} of ${wholeDollars(budgetUsd)} (${share(partOf({ report, budgetUsd }))}) for ${calls}`;
}

function partOf({ report, budgetUsd }: Spending): number {
  return budgetUsd > 0 ? report.spentMicroUsd / (budgetUsd * MICRO) : 1;
}

function budgetLines(spending: Spending): Span[] {
  const { report, budgetUsd } = spending;
  const part = partOf(spending);
  return [
    bold(`${dollars(report.spentMicroUsd)} of ${wholeDollars(budgetUsd)} spent`),
    text(budgetUsd > 0 ? ` (${share(part)})\n` : '\n'),
    mono(bar(part, BAR_CELLS), BAR_CELLS),
    ...(part >= WARN_FROM ? [text('\n'), text(warningWords(spending, part), { bold: true })] : []),
  ];
}

function warningWords({ report }: Spending, part: number): string {
  const { month } = report;
  const next = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1));
  const until = `until ${next.toLocaleDateString('en-US', { month: 'long', day: 'numeric', timeZone: 'UTC' })}`;
  return part >= 1
    ? `The budget is spent: explanations are written by rules, without a model, ${until}, or until an admin raises it.`
    : `The budget is nearly spent. Above it, explanations are written by rules, without a model, ${until}.`;
}

function callWords({ calls, reused, reservedMicroUsd }: UsageReport): string {
  const taken = `${count(reused, 'explanation')} taken over from an earlier one, without a call`;
  const pending = reservedMicroUsd > 0 ? `. Up to ${dollars(reservedMicroUsd)} more for calls under way` : '';
  return `${count(calls, 'call')}; ${taken}${pending}`;
}

function models({ byModel }: UsageReport): KnownBlock[] {
  if (byModel.length === 0) return [];
  const ranked = byModel.toSorted((left, right) => right.costMicroUsd - left.costMicroUsd || right.calls - left.calls);
  const items = ranked
    .slice(0, MODELS)
    .map(({ provider, model, calls, failed, costMicroUsd, usage }) => [
      mono(model, 100),
      text(` (${oneLine(provider, 20)}): `),
      bold(dollars(costMicroUsd)),
      text(` for ${count(calls, 'call')}${failed > 0 ? `, ${failed.toLocaleString('en-US')} of them failed` : ''}`),
      text(`; ${tokenWords(usage)}`),
    ]);
  return [bullets([bold('By model')], [...items, ...rest(ranked.slice(MODELS), 'model', 'models')])];
}

function tokenWords({ inputTokens, outputTokens, cachedTokens }: UsageReport['byModel'][number]['usage']): string {
  const cached = inputTokens > 0 && cachedTokens > 0 ? ` (${share(cachedTokens / inputTokens)} cached)` : '';
  return `${compact(inputTokens)} tokens in${cached}, ${compact(outputTokens)} out`;
}

function repositories({ byRepository }: UsageReport): KnownBlock[] {
  if (byRepository.length === 0) return [];
  const ranked = byRepository.toSorted(
    (left, right) => right.costMicroUsd - left.costMicroUsd || right.calls - left.calls,
  );
  const items = ranked
    .slice(0, REPOSITORIES)
    .map(({ repository, calls, costMicroUsd }) => [
      mono(repository, 140),
      text(': '),
      bold(dollars(costMicroUsd)),
      text(` for ${count(calls, 'call')}`),
    ]);
  const left = rest(ranked.slice(REPOSITORIES), 'repository', 'repositories');
  return [bullets([bold('By repository')], [...items, ...left])];
}

/** What a list had no room for, so that its lines add up to the whole. */
function rest(left: ReadonlyArray<{ calls: number; costMicroUsd: number }>, noun: string, plural: string): Span[][] {
  if (left.length === 0) return [];
  return [[text(`and ${count(left.length, `more ${noun}`, `more ${plural}`)}: ${sumWords(left)}`)]];
}

function sumWords(parts: ReadonlyArray<{ calls: number; costMicroUsd: number }>): string {
  const cost = parts.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
  return `${dollars(cost)} for ${count(
    parts.reduce((sum, { calls }) => sum + calls, 0),
    'call',
  )}`;
}

/** One row for each of the latest days with calls: a bar by cost, or by calls where nothing costs anything. */
function days({ byDay }: UsageReport): KnownBlock[] {
  const inOrder = byDay.filter(({ calls }) => calls > 0).toSorted((left, right) => (left.day < right.day ? -1 : 1));
  const shown = inOrder.slice(-DAYS);
  if (shown.length === 0) return [];
  const isFree = shown.every(({ costMicroUsd }) => costMicroUsd === 0);
  const weigh = (day: (typeof shown)[number]): number => (isFree ? day.calls : day.costMicroUsd);
  const most = Math.max(...shown.map(weigh));
  const costs = shown.map(({ costMicroUsd }) => dollars(costMicroUsd));
  const width = Math.max(...costs.map(({ length }) => length));
  const rows = shown.map((day, index) => {
    const length = Math.max(Math.round((weigh(day) / most) * DAY_CELLS), weigh(day) > 0 ? 1 : 0);
    const cells = '█'.repeat(length).padEnd(DAY_CELLS);
    return `${dayWords(day.day)}  ${cells}  ${(costs[index] ?? '').padStart(width)}  ${count(day.calls, 'call')}`;
  });
  const earlier = inOrder.slice(0, -DAYS);
  return [
    paragraph(bold('By day')),
    code(rows, { lineMax: 80, max: 2_000 }).block,
    ...(earlier.length > 0 ? [note(`and ${count(earlier.length, 'earlier day')}: ${sumWords(earlier)}`)] : []),
  ];
}

function dayWords(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return oneLine(day, 10);
  return at.toLocaleDateString('en-US', { month: 'short', day: '2-digit', timeZone: 'UTC' });
}

function opinions({ feedback: { up, down } }: UsageReport): KnownBlock[] {
  if (up + down === 0) return [];
  const words = `${up.toLocaleString('en-US')} thumbs up, ${down.toLocaleString('en-US')} down`;
  return [paragraph(bold('Feedback on explanations: '), text(words))];
}

function monthWords(month: Date): string {
  return month.toLocaleDateString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
