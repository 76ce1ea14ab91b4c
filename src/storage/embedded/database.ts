import type { Doc } from './bson.js';
import type { Changes } from './changes.js';
import { EmbeddedCollection } from './collection.js';
import type { Engine } from './engine.js';
import { ErrorCode, serverError, unsupported } from './errors.js';

interface List<T> {
  toArray(): Promise<T[]>;
}

/** The official driver's `Db`, as far as Mongoose uses it. */
export class EmbeddedDatabase {
  readonly #engine: Engine;
  readonly #collections = new Map<string, EmbeddedCollection>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get changes(): Changes {
    return this.#engine.changes;
  }

  get databaseName(): string {
    return this.#engine.name;
  }

  collection(name: string): EmbeddedCollection {
    let collection = this.#collections.get(name);
    if (!collection) {
      collection = new EmbeddedCollection(this.#engine, name);
      this.#collections.set(name, collection);
    }
    return collection;
  }

  /** @throws NamespaceExists; "does not support" for capped, time series and other kinds */
  async createCollection(name: string, options: Doc = {}): Promise<EmbeddedCollection> {
    const kind = ['capped', 'timeseries', 'viewOn', 'validator', 'clusteredIndex'].find((item) =>
      Boolean(options[item]),
    );
    if (kind !== undefined) throw unsupported(`the collection option ${kind}`);
    await this.#engine.write(() => {
      if (this.#engine.catalog.find(name)) {
        throw serverError(
          ErrorCode.NamespaceExists,
          `Collection ${this.#engine.namespace(name)} already exists.`,
        );
      }
      this.#engine.createCollection(name);
    });
    return this.collection(name);
  }

  async dropCollection(name: string): Promise<boolean> {
    return this.collection(name).drop();
  }

  async dropDatabase(): Promise<boolean> {
    await this.#engine.write(() => {
      for (const info of this.#engine.catalog.collections.values()) this.#engine.dropCollection(info);
    });
    return true;
  }

  listCollections(filter: Doc = {}): List<Doc> {
    return {
      toArray: async () => {
        const names = await this.#engine.read(() => {
          this.#engine.catalog.refresh();
          return [...this.#engine.catalog.collections.keys()];
        });
        return names
          .filter((name) => filter.name === undefined || filter.name === name)
          .map((name) => ({ name, type: 'collection', options: {} }));
      },
    };
  }

  async collections(): Promise<EmbeddedCollection[]> {
    const infos = await this.listCollections().toArray();
    return infos.map(({ name }) => this.collection(String(name)));
  }

  /** Only `ping`. */
  async command(command: Doc): Promise<Doc> {
    if (!('ping' in command)) throw unsupported(`the command ${Object.keys(command)[0] ?? ''}`);
    await this.#engine.read(() => this.#engine.db.value('SELECT 1'));
    return { ok: 1 };
  }

  admin(): { ping(): Promise<Doc>; command(command: Doc): Promise<Doc> } {
    return { ping: () => this.command({ ping: 1 }), command: (command) => this.command(command) };
  }

  aggregate(): never {
    throw unsupported('aggregation on the database');
  }

  watch(): never {
    throw unsupported('change streams (watch)');
  }
}

/** The official driver's `MongoClient`, as far as Mongoose uses it. */
export class EmbeddedClient {
  readonly #engine: Engine;
  readonly #db: EmbeddedDatabase;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#db = new EmbeddedDatabase(engine);
  }

  db(): EmbeddedDatabase {
    return this.#db;
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  startSession(): never {
    throw unsupported('sessions and transactions');
  }

  watch(): never {
    throw unsupported('change streams (watch)');
  }
}
