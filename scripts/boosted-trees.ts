import { type Feature, FEATURES } from '../src/analysis/ranking/features.ts';
import type { Forest, Tree } from '../src/analysis/ranking/trees.ts';

/** Lines with what is known of them, column by column, and the answer of a person. */
export interface Examples {
  readonly columns: ReadonlyMap<Feature, Float32Array>;
  /** 1 where the line was marked. */
  readonly labels: Uint8Array;
  readonly weights: Float32Array;
}

/** Few, small and slow trees, each over a part of the features and lines: what fits these projects alone is not worth having. */
export interface FitOptions {
  readonly trees: number;
  readonly leaves: number;
  readonly rate: number;
  /** Of the features that each tree may ask about. */
  readonly featureShare: number;
  /** Of the lines that each tree sees. */
  readonly rowShare: number;
  /** The least weight of the lines in a leaf, as a share of all. */
  readonly leastShare: number;
  /** Pulls the leaves of few lines to 0, in the same measure. */
  readonly shrinkShare: number;
  readonly seed: number;
}

const BINS = 64;
const MAX_SAMPLE = 20_000;

/** Gradient boosting with logistic loss over histograms of the features. The same examples and options give the same forest. */
export function fitForest({ columns, labels, weights }: Examples, rows: Uint32Array, options: FitOptions): Forest {
  const random = createRandom(options.seed);
  const binned = [...columns].map(([feature, values]) => binColumn(feature, values, rows));
  let total = 0;
  let marked = 0;
  for (const row of rows) {
    total += weights[row] ?? 0;
    marked += (weights[row] ?? 0) * (labels[row] ?? 0);
  }
  const base = Math.log(marked / (total - marked));
  const odds = new Float32Array(labels.length).fill(base);
  const gradients = new Float32Array(labels.length);
  const hessians = new Float32Array(labels.length);
  const trees: Tree[] = [];
  for (let round = 0; round < options.trees; round += 1) {
    const seen = rows.filter(() => random() < options.rowShare);
    for (const row of seen) {
      const probability = 1 / (1 + Math.exp(-(odds[row] ?? 0)));
      const weight = (weights[row] ?? 0) / total;
      gradients[row] = weight * (probability - (labels[row] ?? 0));
      hessians[row] = weight * probability * (1 - probability);
    }
    const offered = binned.filter(() => random() < options.featureShare);
    const tree = growTree({ offered, gradients, hessians, options }, seen);
    for (const row of rows) odds[row] = (odds[row] ?? 0) + valueOf(tree, row);
    trees.push(toTree(tree));
  }
  return { base: round(base), trees };
}

interface Binned {
  readonly feature: Feature;
  readonly bins: Uint8Array;
  /** `limits[b]` is the highest value of bin `b`. */
  readonly limits: readonly number[];
}

/** Bins hold about as many lines each; equal values share one. */
function binColumn(feature: Feature, values: Float32Array, rows: Uint32Array): Binned {
  const stride = Math.max(1, Math.floor(rows.length / MAX_SAMPLE));
  const sample = rows.filter((_, at) => at % stride === 0).map((row) => row);
  const sorted = Float32Array.from(sample, (row) => values[row] ?? 0).toSorted();
  const edges = Array.from({ length: BINS - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / BINS)] ?? 0);
  const limits = [...new Set(edges.map(round))];
  const bins = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? 0;
    let bin = 0;
    while (bin < limits.length && value > (limits[bin] ?? 0)) bin += 1;
    bins[row] = bin;
  }
  return { feature, bins, limits };
}

interface Split {
  readonly gain: number;
  readonly by: Binned;
  readonly bin: number;
}

interface Node {
  rows: Uint32Array;
  value: number;
  split: Split | null;
  atMost: Node | null;
  above: Node | null;
}

interface Growth {
  readonly offered: readonly Binned[];
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
  readonly options: FitOptions;
}

/** Splits the leaf that gains most, until there are enough leaves. */
function growTree(growth: Growth, rows: Uint32Array): Node {
  const root = newNode(growth, rows);
  const leaves = [root];
  while (leaves.length < growth.options.leaves) {
    const [best] = leaves.filter(({ split }) => split !== null).toSorted((a, b) => gainOf(b) - gainOf(a));
    if (best?.split === undefined || best.split === null) break;
    const { by, bin } = best.split;
    best.atMost = newNode(
      growth,
      best.rows.filter((row) => (by.bins[row] ?? 0) <= bin),
    );
    best.above = newNode(
      growth,
      best.rows.filter((row) => (by.bins[row] ?? 0) > bin),
    );
    best.rows = new Uint32Array();
    leaves.splice(leaves.indexOf(best), 1, best.atMost, best.above);
  }
  return root;
}

function gainOf({ split }: Node): number {
  return split?.gain ?? 0;
}

function newNode(growth: Growth, rows: Uint32Array): Node {
  const { gradients, hessians, options } = growth;
  let gradient = 0;
  let hessian = 0;
  for (const row of rows) {
    gradient += gradients[row] ?? 0;
    hessian += hessians[row] ?? 0;
  }
  const value = (-options.rate * gradient) / (hessian + options.shrinkShare);
  return { rows, value, split: findSplit(growth, rows, { gradient, hessian }), atMost: null, above: null };
}

function findSplit(
  { offered, gradients, hessians, options }: Growth,
  rows: Uint32Array,
  sum: { gradient: number; hessian: number },
): Split | null {
  const { shrinkShare, leastShare } = options;
  const worth = (gradient: number, hessian: number): number => (gradient * gradient) / (hessian + shrinkShare);
  const whole = worth(sum.gradient, sum.hessian);
  let best: Split | null = null;
  const gradientOf = new Float64Array(BINS);
  const hessianOf = new Float64Array(BINS);
  for (const by of offered) {
    gradientOf.fill(0);
    hessianOf.fill(0);
    for (const row of rows) {
      const bin = by.bins[row] ?? 0;
      gradientOf[bin] = (gradientOf[bin] ?? 0) + (gradients[row] ?? 0);
      hessianOf[bin] = (hessianOf[bin] ?? 0) + (hessians[row] ?? 0);
    }
    let gradient = 0;
    let hessian = 0;
    for (let bin = 0; bin < by.limits.length; bin += 1) {
      gradient += gradientOf[bin] ?? 0;
      hessian += hessianOf[bin] ?? 0;
      if (hessian < leastShare || sum.hessian - hessian < leastShare) continue;
      const gain = worth(gradient, hessian) + worth(sum.gradient - gradient, sum.hessian - hessian) - whole;
      if (gain > (best?.gain ?? 0)) best = { gain, by, bin };
    }
  }
  return best;
}

function valueOf(node: Node, row: number): number {
  let at = node;
  for (;;) {
    if (at.split === null || at.atMost === null || at.above === null) return at.value;
    at = (at.split.by.bins[row] ?? 0) <= at.split.bin ? at.atMost : at.above;
  }
}

function toTree({ split, atMost, above, value }: Node): Tree {
  if (split === null || atMost === null || above === null) return round(value);
  return [split.by.feature, split.by.limits[split.bin] ?? 0, toTree(atMost), toTree(above)];
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** Mulberry32: short, and the same everywhere. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Every feature that a line can be described by, in the order of the table. */
export function featureNames(): Feature[] {
  return Object.keys(FEATURES).filter((name): name is Feature => Object.hasOwn(FEATURES, name));
}
