import { Mongoose, Schema, type Connection } from 'mongoose';
import { EmbeddedClient, type EmbeddedDatabase } from './database.js';
import type { Engine } from './engine.js';
import { unsupported } from './errors.js';

/** What Mongoose's own connection class keeps of its client; not part of its types. */
interface ConnectionInternals {
  client: EmbeddedClient;
  db: EmbeddedDatabase;
  name: string;
  host: string;
  readyState: number;
  onOpen(): void;
  createClient(uri: string, options: unknown): Promise<unknown>;
  useDb(): never;
}

type ConnectionClass = new (base: Mongoose) => Connection;

const CONNECTING = 2;

/**
 * A Mongoose of its own whose connection speaks to the engine. Only how the client is made differs from
 * Mongoose's own MongoDB driver: `setDriver` is Mongoose's extension point for this.
 */
export async function connectEngine(engine: Engine): Promise<Connection> {
  const mongoose = new Mongoose();
  // Schemas are Mongoose's own, and are used as they are; otherwise each model would first copy its schema.
  mongoose.Schema = Schema;
  mongoose.set({ autoIndex: false, autoCreate: false, bufferCommands: false });
  const Native = mongoose.connection.constructor as ConnectionClass;

  class EmbeddedConnection extends Native {
    createClient(): Promise<this> {
      const internals = this as unknown as ConnectionInternals;
      internals.readyState = CONNECTING;
      internals.client = new EmbeddedClient(engine);
      internals.db = internals.client.db();
      internals.name = engine.name;
      internals.host = 'embedded';
      internals.onOpen();
      return Promise.resolve(this);
    }

    override useDb(): never {
      throw unsupported('several databases on one connection (useDb)');
    }
  }

  (mongoose as unknown as { setDriver(driver: object): void }).setDriver({ Connection: EmbeddedConnection });
  return mongoose.createConnection(`embedded:${engine.name}`).asPromise();
}
