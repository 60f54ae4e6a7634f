/**
 * Finds many literals in one pass over bytes (Aho-Corasick), without regard to ASCII case. Lines that hold none of them need
 * not be decoded, and no pattern runs on them.
 */
export interface Prefilter {
  /** `classes[byte]` is the column of a byte; unknown bytes share column 0. */
  readonly classes: Uint8Array;
  /** `next[(state << SHIFT) | class]` is the following state. */
  readonly next: Uint16Array;
  /** `outputs[state]` lists the owners whose literal ends in this state. */
  readonly outputs: ReadonlyArray<readonly number[]>;
  /** 1 where `outputs` is not empty. */
  readonly accepts: Uint8Array;
}

/** Columns per state: 2 to the power of this. Case-folded literals of ASCII and a few symbols need no more than 128. */
export const CLASS_SHIFT = 7;
const MAX_STATES = 65_535;

interface Node {
  readonly children: Map<number, number>;
  readonly owners: Set<number>;
  fail: number;
}

/** Builds the automaton; `literals[i]` are the literals of owner `i`. Throws when the table would not fit. */
export function buildPrefilter(literals: ReadonlyArray<readonly string[]>): Prefilter {
  const nodes: Node[] = [{ children: new Map(), owners: new Set(), fail: 0 }];
  literals.forEach((words, owner) => {
    for (const word of words) insert(nodes, Buffer.from(word.toLowerCase(), 'utf8'), owner);
  });
  const order = linkFailures(nodes);
  const classes = byteClasses(nodes);
  return {
    classes,
    next: transitionTable(nodes, order, classes),
    outputs: nodes.map((node) => [...node.owners]),
    accepts: Uint8Array.from(nodes, (node) => (node.owners.size > 0 ? 1 : 0)),
  };
}

function insert(nodes: Node[], word: Uint8Array, owner: number): void {
  let state = 0;
  for (const byte of word) {
    const known = nodes[state]?.children.get(byte);
    if (known === undefined) {
      nodes.push({ children: new Map(), owners: new Set(), fail: 0 });
      nodes[state]?.children.set(byte, nodes.length - 1);
      state = nodes.length - 1;
    } else {
      state = known;
    }
  }
  if (nodes.length > MAX_STATES) throw new RangeError('Too many literals for one prefilter');
  nodes[state]?.owners.add(owner);
}

/** Breadth first, so that a state's failure state is finished before the state itself. */
function linkFailures(nodes: readonly Node[]): number[] {
  const order = [0];
  for (let at = 0; at < order.length; at += 1) {
    const state = order[at] ?? 0;
    for (const [byte, child] of nodes[state]?.children ?? []) {
      order.push(child);
      const node = nodes[child];
      if (node === undefined) continue;
      node.fail = state === 0 ? 0 : step(nodes, nodes[state]?.fail ?? 0, byte);
      for (const owner of nodes[node.fail]?.owners ?? []) node.owners.add(owner);
    }
  }
  return order;
}

function step(nodes: readonly Node[], from: number, byte: number): number {
  let state = from;
  for (;;) {
    const child = nodes[state]?.children.get(byte);
    if (child !== undefined) return child;
    if (state === 0) return 0;
    state = nodes[state]?.fail ?? 0;
  }
}

function byteClasses(nodes: readonly Node[]): Uint8Array {
  const classes = new Uint8Array(256);
  let count = 1;
  for (const node of nodes) {
    for (const byte of node.children.keys()) {
      if (classes[byte] !== 0) continue;
      classes[byte] = count;
      count += 1;
    }
  }
  if (count > 1 << CLASS_SHIFT) throw new RangeError('Too many different bytes in the literals of one prefilter');
  for (let upper = 0x41; upper <= 0x5a; upper += 1) classes[upper] = classes[upper + 0x20] ?? 0;
  return classes;
}

function transitionTable(nodes: readonly Node[], order: readonly number[], classes: Uint8Array): Uint16Array {
  const next = new Uint16Array(nodes.length << CLASS_SHIFT);
  for (const state of order) {
    const row = state << CLASS_SHIFT;
    const node = nodes[state];
    if (node === undefined) continue;
    if (state !== 0) next.copyWithin(row, node.fail << CLASS_SHIFT, (node.fail + 1) << CLASS_SHIFT);
    for (const [byte, child] of node.children) next[row | (classes[byte] ?? 0)] = child;
  }
  return next;
}
