/** What stands in a line besides the program's own text; bits, since a line may hold several kinds. */
export const FORM = {
  plain: 0,
  /** Codes for colours and the cursor. Literals are found as if these were not there. */
  coloured: 1,
  /** Something else that must be taken off. */
  unclean: 2,
  /** Something that may stand in the middle of a literal and hide it. */
  hiding: 4,
} as const;

/**
 * Finds many literals in one pass over bytes (Aho-Corasick), without regard to ASCII case. Lines that hold none of them need
 * not be decoded, and no pattern runs on them.
 */
export interface Prefilter {
  /** `next[(state << 8) | byte]` is the following state; 0 is the first. Line ends lead to `lineEnd`. */
  readonly next: Uint16Array;
  /** States from here on are events, so that one comparison for each byte tells that nothing happened. */
  readonly firstEvent: number;
  /** The last event: a line feed or carriage return. All others are the ends of literals. */
  readonly lineEnd: number;
  /** `outputs[state - firstEvent]` lists the owners whose literal ends in this state. */
  readonly outputs: ReadonlyArray<readonly number[]>;
  /** `forms[state - firstEvent]` are the bits of FORM that the state brings. */
  readonly forms: Uint8Array;
  /** How many owners there are. */
  readonly owners: number;
}

const LINE_ENDS = [0x0a, 0x0d];
const MAX_STATES = 65_535;

interface Node {
  readonly children: Map<number, number>;
  readonly owners: Set<number>;
  form: number;
  fail: number;
}

function newNode(): Node {
  return { children: new Map(), owners: new Set(), form: FORM.plain, fail: 0 };
}

/**
 * Builds the automaton; `literals[i]` are the literals of owner `i`, `forms` those that tell the form of a line. Throws when
 * the table would not fit.
 */
export function buildPrefilter(
  literals: ReadonlyArray<readonly string[]>,
  forms: ReadonlyArray<readonly [form: number, literals: readonly string[]]> = [],
): Prefilter {
  const nodes = [newNode()];
  literals.forEach((words, owner) => {
    for (const word of words) insert(nodes, word).owners.add(owner);
  });
  for (const [form, words] of forms) for (const word of words) insert(nodes, word).form |= form;
  const order = linkFailures(nodes);
  const { places, firstEvent } = placeStates(nodes);
  const events = nodes.filter(isEvent);
  return {
    next: transitionTable(nodes, order, places),
    firstEvent,
    lineEnd: nodes.length,
    outputs: events.map(({ owners }) => [...owners]),
    forms: Uint8Array.from(events, ({ form }) => form),
    owners: literals.length,
  };
}

function insert(nodes: Node[], word: string): Node {
  let node = nodes[0] ?? newNode();
  for (const byte of Buffer.from(word.toLowerCase(), 'utf8')) {
    const known = nodes[node.children.get(byte) ?? 0];
    if (known !== undefined && known !== nodes[0]) {
      node = known;
      continue;
    }
    node.children.set(byte, nodes.length);
    node = newNode();
    nodes.push(node);
  }
  if (nodes.length >= MAX_STATES) throw new RangeError('Too many literals for one prefilter');
  return node;
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
      node.form |= nodes[node.fail]?.form ?? FORM.plain;
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

function isEvent({ owners, form }: Node): boolean {
  return owners.size > 0 || form !== FORM.plain;
}

/** Where each node's row stands: first those where nothing ends, then the others, each in order of insertion. */
function placeStates(nodes: readonly Node[]): { places: readonly number[]; firstEvent: number } {
  const firstEvent = nodes.filter((node) => !isEvent(node)).length;
  let quiet = 0;
  let events = firstEvent;
  const places = nodes.map((node) => (isEvent(node) ? events++ : quiet++));
  return { places, firstEvent };
}

function transitionTable(nodes: readonly Node[], order: readonly number[], places: readonly number[]): Uint16Array {
  const next = new Uint16Array((nodes.length + 1) << 8);
  const rowOf = (state: number): number => (places[state] ?? 0) << 8;
  for (const state of order) {
    const row = rowOf(state);
    const node = nodes[state];
    if (node === undefined) continue;
    if (state !== 0) next.copyWithin(row, rowOf(node.fail), rowOf(node.fail) + 256);
    for (const [byte, child] of node.children) {
      next[row | byte] = places[child] ?? 0;
      if (byte >= 0x61 && byte <= 0x7a) next[row | (byte - 0x20)] = places[child] ?? 0;
    }
    for (const byte of LINE_ENDS) next[row | byte] = nodes.length;
  }
  next.copyWithin(nodes.length << 8, 0, 256);
  return next;
}

/** The owners whose literals stand in a text that is decoded already, lowest first. The literals must be ASCII. */
export function ownersIn({ next, firstEvent, lineEnd, outputs }: Prefilter, text: string): readonly number[] {
  let found: Set<number> | null = null;
  let state = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    state = code < 0x80 ? (next[(state << 8) | code] ?? 0) : 0;
    if (state < firstEvent) continue;
    if (state === lineEnd) {
      state = 0;
      continue;
    }
    found ??= new Set();
    for (const owner of outputs[state - firstEvent] ?? []) found.add(owner);
  }
  return found === null ? [] : [...found].toSorted((a, b) => a - b);
}
