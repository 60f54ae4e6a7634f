/** The demo cannot go on, or did not see what it should; the message is a sentence for the person who runs it. */
export class DemoError extends Error {
  /** Lines that help to see why, such as the product's last output. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = [], options: ErrorOptions = {}) {
    super(message, options);
    this.name = 'DemoError';
    this.details = details;
  }
}
