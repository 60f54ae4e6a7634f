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
