/** A JSON object that came from outside; nothing is known about its fields. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The field as an object; empty where it is something else. */
export function fieldsOf(from: unknown, key: string): Fields {
  const value = isFields(from) ? from[key] : undefined;
  return isFields(value) ? value : {};
}

/** The field as a list of objects; what is not an object is left out. */
export function listOf(from: unknown, key: string): Fields[] {
  const value = isFields(from) ? from[key] : undefined;
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** The field as text; numbers are written out, anything else is the empty string. */
export function textOf(from: unknown, key: string): string {
  const value = isFields(from) ? from[key] : undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

/** True for `true`, `"true"`, `1` and `"1"`: forms have no booleans. */
export function flagOf(from: unknown, key: string): boolean {
  const value = isFields(from) ? from[key] : undefined;
  return value === true || value === 1 || value === 'true' || value === '1';
}

/** The object in a JSON text, or null. */
export function parseFields(text: string): Fields | null {
  const value = parseJson(text);
  return isFields(value) ? value : null;
}

/** The value in a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
