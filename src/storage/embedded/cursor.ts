import type { Doc } from './bson.js';
import { unsupported } from './errors.js';

/** Where a cursor's documents come from. */
export interface Source {
  /** Returns the next documents, perhaps none yet; undefined at the end. */
  next(): Promise<readonly Doc[] | undefined>;
  /** @param returned how many documents came out */
  explain(returned: number): Doc;
}

/** The official driver's cursor, as far as Mongoose and the features use it. Opened at the first document. */
export abstract class Cursor<Options extends object> implements AsyncIterable<Doc> {
  #source: Source | undefined;
  #buffer: readonly Doc[] = [];
  #at = 0;
  #ended = false;
  protected options: Options;
  closed = false;

  constructor(options: Options) {
    this.options = options;
  }

  protected abstract open(options: Options): Source;

  /** For `explain`: where all work is done in the source itself, which then can tell. */
  protected openWhole(options: Options): Source {
    return this.open(options);
  }

  /** Changes an option before the cursor is opened. */
  protected set(change: Partial<Options>): this {
    if (this.#source) throw new Error('the cursor is already in use');
    this.options = { ...this.options, ...change };
    return this;
  }

  async next(): Promise<Doc | null> {
    return (await this.hasNext()) ? (this.#buffer[this.#at++] ?? null) : null;
  }

  tryNext(): Promise<Doc | null> {
    return this.next();
  }

  async hasNext(): Promise<boolean> {
    while (this.#at >= this.#buffer.length) {
      if (this.#ended || this.closed) return false;
      this.#source ??= this.open(this.options);
      const batch = await this.#source.next();
      if (batch === undefined) {
        this.#ended = true;
        await this.close();
        return false;
      }
      this.#buffer = batch;
      this.#at = 0;
    }
    return true;
  }

  async toArray(): Promise<Doc[]> {
    const all: Doc[] = [];
    while (await this.hasNext()) {
      for (; this.#at < this.#buffer.length; this.#at++) {
        const doc = this.#buffer[this.#at];
        if (doc) all.push(doc);
      }
    }
    return all;
  }

  async forEach(action: (doc: Doc) => unknown): Promise<void> {
    for await (const doc of this) if (action(doc) === false) return;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Doc, void> {
    try {
      for (let doc = await this.next(); doc; doc = await this.next()) yield doc;
    } finally {
      await this.close();
    }
  }

  /** Nothing is held open in between, so there is nothing to free. */
  close(): Promise<void> {
    this.closed = true;
    this.#buffer = [];
    this.#at = 0;
    return Promise.resolve();
  }

  /** Runs the search to its end to say what it looked at. */
  async explain(): Promise<Doc> {
    const source = this.openWhole(this.options);
    let returned = 0;
    for (let batch = await source.next(); batch; batch = await source.next()) returned += batch.length;
    return source.explain(returned);
  }

  addCursorFlag(flag: string, value: boolean): this {
    if (value && (flag === 'tailable' || flag === 'awaitData')) throw unsupported('tailable cursors');
    return this;
  }

  /** The engine sizes its batches by itself. */
  batchSize(_size: number): this {
    return this;
  }
}
