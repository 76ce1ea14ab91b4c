import type { Doc } from './bson.js';
import type { Sqlite } from './sqlite.js';

/** Is told of changes of a collection, in the transaction that makes them. */
export interface ChangeListener {
  /** A document was inserted or deleted, or is about to be another (told twice: as it was, as it is). */
  written(document: Readonly<Doc>): void;
  /** Any document may have changed: another process has written, or the collection was dropped. */
  unknown(): void;
  /** Top fields of a document that `written` looks at: it may be given those alone. Absent: any. */
  readonly fields?: readonly string[];
}

/** Tells of every change of documents, by this process and by others. What is undone later is told all the same. */
export class Changes {
  readonly #db: Sqlite;
  readonly #listeners = new Map<string, ChangeListener[]>();
  #version: unknown;
  #looked = false;
  readonly #forget = (): void => {
    this.#looked = false;
  };
  readonly #forgetLater = (): void => {
    process.nextTick(this.#forget);
  };

  constructor(db: Sqlite) {
    this.#db = db;
  }

  watch(collection: string, listener: ChangeListener): void {
    const known = this.#listeners.get(collection);
    if (known === undefined) this.#listeners.set(collection, [listener]);
    else known.push(listener);
  }

  /**
   * Tells the listeners if another process has written since the last call. SQLite is asked once until all microtasks
   * have run: nothing that another process caused, and no commit of this one, is learnt of in between.
   * https://www.sqlite.org/pragma.html#pragma_data_version
   */
  look(): void {
    if (this.#looked) return;
    let version: unknown;
    try {
      version = this.#db.value('PRAGMA data_version');
      this.#looked = true;
      // After the microtasks that wait, and those that they cause: reads that follow each other ask once.
      queueMicrotask(this.#forgetLater);
    } catch {
      // Locked, or closed: nothing is known.
      version = undefined;
    }
    if (version !== undefined && version === this.#version) return;
    this.#version = version;
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.unknown();
  }

  /** Returns the top fields that listeners look at; undefined where one looks at any. */
  fieldsOf(collection: string): readonly string[] | undefined {
    const fields: string[] = [];
    for (const listener of this.#listeners.get(collection) ?? []) {
      if (listener.fields === undefined) return undefined;
      fields.push(...listener.fields);
    }
    return fields;
  }

  /**
   * A document is about to be another: it may be changed in place afterwards.
   * @param before lazily decoded, so it is only looked at where there are listeners
   */
  replacing(collection: string, before: { readonly doc: Doc }): void {
    const listeners = this.#listeners.get(collection);
    if (listeners === undefined) return;
    for (const listener of listeners) listener.written(before.doc);
  }

  /** A document was inserted or deleted, or has become another. */
  written(collection: string, document: Doc): void {
    for (const listener of this.#listeners.get(collection) ?? []) listener.written(document);
  }

  dropped(collection: string): void {
    for (const listener of this.#listeners.get(collection) ?? []) listener.unknown();
  }
}
