import type { Feature, FeatureTable } from './features.ts';

/** A leaf adds its number; a question sends a line on to `[feature, limit, at most the limit, above it]`. */
export type Tree = number | readonly [feature: Feature, limit: number, atMost: Tree, above: Tree];

/** Trees that were fitted one after the other, each to what those before it left wrong. */
export interface Forest {
  /** What every line starts with, in log odds. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** The probability of each line that a person would mark it as a part of the reason. */
export function probabilities({ base, trees }: Forest, table: FeatureTable): number[] {
  const { length } = table.score;
  return Array.from({ length }, (_, at) => {
    let odds = base;
    for (const tree of trees) odds += ask(tree, table, at);
    return 1 / (1 + Math.exp(-odds));
  });
}

function ask(tree: Tree, table: FeatureTable, at: number): number {
  let node = tree;
  while (typeof node !== 'number') {
    const [feature, limit, atMost, above] = node;
    node = (table[feature][at] ?? 0) <= limit ? atMost : above;
  }
  return node;
}
