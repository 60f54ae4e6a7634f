const MICRO = 1_000_000;

/** An amount as a person would say it: with cents where they count, below a cent with one digit. */
export function dollars(microUsd: number): string {
  const usd = microUsd / MICRO;
  if (usd <= 0) return '$0';
  if (usd < 0.000_1) return 'under $0.0001';
  if (usd < 0.01) return `$${Number(usd.toPrecision(1))}`;
  return withCents(usd);
}

/** A limit, which is kept in dollars: with cents only where it has some. */
export function wholeDollars(usd: number): string {
  return Number.isInteger(usd) ? `$${usd.toLocaleString('en-US')}` : withCents(usd);
}

function withCents(usd: number): string {
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** A share in percent; a little is not nothing. */
export function share(part: number): string {
  if (part > 0 && part < 0.01) return 'under 1 %';
  return `${Math.round(part * 100).toLocaleString('en-US')} %`;
}

const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** A large number in short: 1,234,567 is 1.2M. */
export function compact(amount: number): string {
  return COMPACT.format(amount);
}

/** A bar of text; a little shows, and only the whole is full. */
export function bar(part: number, cells: number): string {
  const wanted = Math.round(part * cells);
  const least = part > 0 ? 1 : 0;
  const most = part < 1 ? cells - 1 : cells;
  const filled = Math.min(Math.max(wanted, least), most);
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}
