export interface GroupCommitOptions<Item, Result> {
  /** Commits all of them, or throws and commits none; one result per item, in order. */
  commit(items: readonly Item[]): Promise<Result[]>;
  /** Memory that an item holds while it waits. */
  bytesOf(item: Item): number;
  /** After this long an item is refused; whether it was committed is then unknown. */
  deadlineMs: number;
  /** What an item is refused with: after the deadline, or at once where too much is waiting already. */
  refusal: (reason: 'late' | 'full') => Error;
  /** How many of so many that have gathered make a batch: at least one. */
  sizeOf(gathered: number): number;
  /** Of one batch; a single item may be larger. */
  mostBytes: number;
}

/** More than this waiting means that the other side does not keep up: refusing at once keeps the process alive. */
const WAITING_BYTES = 128 * 1024 * 1024;
/** One is being written while the next one is on its way. More would only make batches smaller. */
const BATCHES_IN_FLIGHT = 2;

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/** Commits what has gathered together whenever a batch can start; there is no timer, so a lone item waits for nothing. */
export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>;
  #waiting: Array<Waiting<Item, Result>> = [];
  #waitingBytes = 0;
  #inFlight = new Set<Promise<void>>();

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  /** How many wait for a batch to start. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Throws the refusal after the deadline, or when too much is waiting already. */
  async add(item: Item): Promise<Result> {
    const { deadlineMs, refusal } = this.#options;
    const bytes = this.#options.bytesOf(item);
    if (this.#waitingBytes + bytes > WAITING_BYTES) throw refusal('full');
    return await new Promise<Result>((resolve, reject) => {
      const entry: Waiting<Item, Result> = {
        item,
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.#drop(entry);
        reject(refusal('late'));
      }, deadlineMs);
      this.#waiting.push(entry);
      this.#waitingBytes += bytes;
      this.#start();
    });
  }

  /** Waits for everything that was added. */
  async settle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #start(): void {
    while (this.#inFlight.size < BATCHES_IN_FLIGHT && this.#waiting.length > 0) {
      const flight = this.#run(this.#takeBatch()).finally(() => {
        this.#inFlight.delete(flight);
        this.#start();
      });
      this.#inFlight.add(flight);
    }
  }

  #takeBatch(): Array<Waiting<Item, Result>> {
    const options = this.#options;
    let bytes = 0;
    const first = this.#waiting.slice(0, options.sizeOf(this.#waiting.length));
    const tooMany = first.findIndex(({ item }, index) => {
      bytes += options.bytesOf(item);
      return index > 0 && bytes > options.mostBytes;
    });
    const batch = this.#waiting.splice(0, tooMany === -1 ? first.length : options.sizeOf(tooMany));
    for (const { item } of batch) this.#waitingBytes -= options.bytesOf(item);
    return batch;
  }

  async #run(batch: Array<Waiting<Item, Result>>): Promise<void> {
    try {
      const results = await this.#options.commit(batch.map(({ item }) => item));
      for (const [index, entry] of batch.entries()) {
        const result = results[index];
        if (result === undefined) entry.reject(new Error('A batch was committed without a result for each item'));
        else entry.resolve(result);
      }
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
  }

  #drop(entry: Waiting<Item, Result>): void {
    const index = this.#waiting.indexOf(entry);
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    this.#waitingBytes -= this.#options.bytesOf(entry.item);
  }
}
