/** The known name that was probably meant: at most two slips away, and closer than half of the word. */
export function suggest(typed: string, known: readonly string[]): string | null {
  const word = typed.toLowerCase().slice(0, 40);
  const ranked = known
    .map((name) => ({ name, slips: name.startsWith(word) && word.length > 2 ? 1 : editDistance(word, name) }))
    .sort((one, other) => one.slips - other.slips);
  const [best] = ranked;
  return best !== undefined && best.slips <= 2 && best.slips * 2 <= best.name.length ? best.name : null;
}

/** How many letters have to be changed, added, left out or swapped with their neighbour. */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const steps = [at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + same];
      line.push(Math.min(...steps, swapped ? at(row - 2, column - 2) + 1 : Infinity));
    }
  }
  return at(from.length, to.length);
}
