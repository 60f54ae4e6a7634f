/** The input cannot be used, and trying again does not help. The message ends the sentence that begins with the input's name. */
export class UnusableInputError extends Error {}

/** There was not one byte. */
export class EmptyInputError extends UnusableInputError {
  constructor() {
    super('is empty, so there is nothing to explain.');
  }
}

const SENTENCES = {
  zip: 'is a zip archive within gzip. Unpack it once, and try again.',
  'utf-16': 'is UTF-16 text. Save it as UTF-8, and try again.',
  binary: "is not text. Name a log file, plain or gzip, or the archive of a run's logs.",
} as const;

/** The input is not text, nor gzip of text. */
export class NotTextError extends UnusableInputError {
  readonly kind: keyof typeof SENTENCES;

  constructor(kind: keyof typeof SENTENCES) {
    super(SENTENCES[kind]);
    this.kind = kind;
  }
}

/** An input beside the log cannot be used. The message is the whole sentence. */
export class RefusedInputError extends Error {}

/** The sentence for a person who named an input that cannot be used; null for faults of our own. */
export function refusalOf(error: unknown, file: string): string | null {
  const name = nameOf(file);
  if (error instanceof RefusedInputError) return error.message;
  if (error instanceof UnusableInputError) return `${name} ${error.message}`;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return `${name} does not exist.`;
  if (code === 'EACCES' || code === 'EPERM') return `${name} cannot be read: permission denied.`;
  if (code.startsWith('Z_')) return `${name} is a damaged gzip file.`;
  return /^E[A-Z]{2,20}$/u.test(code) ? `${name} cannot be read (${code}).` : null;
}

function nameOf(file: string): string {
  if (file === '-') return 'The input';
  return file === '' ? 'A file without a name' : file;
}
