import { suggest } from './suggest.ts';

/** The zone of a name, upper or lower case, as it is usually written; null where there is none. Offsets such as `+02:00` are no zones. */
export function readTimeZone(name: string): string | null {
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+){0,2}$/u.test(name)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions();
    // Of several names of one zone, the platform may prefer one that people have given up (Asia/Calcutta).
    if (timeZone.toLowerCase() === name.toLowerCase()) return timeZone;
    return /^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*){0,2}$/u.test(name) ? name : capitalized(name);
  } catch {
    return null;
  }
}

function capitalized(name: string): string {
  return name.toLowerCase().replaceAll(/(?<![a-z])[a-z]/gu, (letter) => letter.toUpperCase());
}

/** The zone that was probably meant; a city alone will do. */
export function suggestTimeZone(name: string): string | null {
  const all = Intl.supportedValuesOf('timeZone');
  const city = name.toLowerCase().replaceAll(' ', '_');
  const ofCity = all.find((zone) => zone.toLowerCase().endsWith(`/${city}`));
  if (ofCity !== undefined) return ofCity;
  const meant = suggest(
    city,
    all.map((zone) => zone.toLowerCase()),
  );
  return all.find((zone) => zone.toLowerCase() === meant) ?? null;
}
