/** PostgreSQL has no NUL in text, and no half of a surrogate pair in json: both come in logs and commit messages. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}

/** JSON text that `jsonb` takes, whatever the strings in it are. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'string' ? storableText(each) : each));
}

/** A copy of a plain value whose strings PostgreSQL takes. */
export function storableCopy<Value>(value: Value): Value {
  const copy: Value = JSON.parse(storableJson(value));
  return copy;
}
