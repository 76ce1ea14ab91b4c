import { Store, type SessionData } from 'express-session';
import { Schema, type Connection, type mongo } from 'mongoose';
import { HOUR, MINUTE, type Clock } from '../../shared/clock.js';
import { digest, newToken } from '../../shared/ids.js';
import { ifWritable } from '../../storage/index.js';

/** A session ends after this long without a request. */
export const SESSION_IDLE_MS = 8 * HOUR;
/** A visit is written down at most this often: most requests then only read. */
const TOUCH_MS = 10 * MINUTE;

interface Row {
  _id: string;
  data: string;
  /** Whose session it is; absent in rows of earlier versions. */
  personId?: string;
  seenAt: Date;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    /** JSON: keys of a session are not ours to index or cast. */
    data: { type: String, required: true },
    personId: { type: String },
    seenAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'sessions', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ personId: 1 }, { sparse: true });

type Callback<Value> = (error: unknown, value?: Value) => void;

interface Loaded extends SessionData {
  /** When the session was last written down as seen, ms since 1970. */
  seenAt?: number;
}

/** Straight to the collection: at every request, and there is nothing here to cast or validate. */
const rowsOn = (connection: Connection): mongo.Collection<Row> =>
  connection.model('Session', schema).collection as unknown as mongo.Collection<Row>;

/** express-session's store over a Mongoose model, so that both engines serve it. */
export class MongooseSessionStore extends Store {
  readonly #rows: mongo.Collection<Row>;
  /** What was written of a session: Passport saves a new one, and express-session would save it again at once. */
  readonly #written = new WeakMap<SessionData, string>();

  /** Ids that were made and never saved: Passport ends the session of a newcomer too, who has none. */
  readonly #unsaved = new Set<string>();

  constructor(
    connection: Connection,
    private readonly clock: Clock,
  ) {
    super();
    this.#rows = rowsOn(connection);
  }

  newId(): string {
    // Most visitors without a session leave without one. Forgetting an id costs a needless query, no more.
    if (this.#unsaved.size >= 1_000) this.#unsaved.clear();
    const id = newToken();
    this.#unsaved.add(id);
    return id;
  }

  override get(sid: string, callback: Callback<SessionData | null>): void {
    settle(this.#load(sid), callback);
  }

  override set(sid: string, session: SessionData, callback: Callback<void> = () => undefined): void {
    const { seenAt, ...rest } = session as Loaded;
    const data = JSON.stringify(rest);
    if (this.#written.get(session) === data) {
      callback(null);
      return;
    }
    this.#written.set(session, data);
    this.#unsaved.delete(sid);
    const personId = personIn(session);
    const row = { data, ...(personId !== undefined && { personId }), ...this.#seen() };
    const _id = digest(sid);
    // A session that was never loaded is new; its id is random and free.
    const written =
      seenAt === undefined
        ? this.#rows.insertOne({ _id, ...row })
        : // One that has ended meanwhile stays ended.
          this.#rows.replaceOne({ _id }, row);
    settle(
      written.then(() => undefined),
      callback,
    );
  }

  override touch(sid: string, session: SessionData, callback: () => void = () => undefined): void {
    const seenAt = (session as Loaded).seenAt ?? this.clock.now().getTime();
    if (this.clock.now().getTime() - seenAt < TOUCH_MS) {
      callback();
      return;
    }
    const written = this.#rows.updateOne({ _id: digest(sid) }, { $set: this.#seen() });
    settle(ifWritable(written), callback);
  }

  override destroy(sid: string, callback: Callback<void> = () => undefined): void {
    if (this.#unsaved.delete(sid)) {
      callback(null);
      return;
    }
    settle(
      this.#rows.deleteOne({ _id: digest(sid) }).then(() => undefined),
      callback,
    );
  }

  /** Ends sessions by the digests of their ids. */
  async end(digests: readonly string[]): Promise<void> {
    await this.#rows.deleteMany({ _id: { $in: [...digests] } });
  }

  /** Ends all sessions of a person. */
  async endOf(personId: string): Promise<void> {
    await this.#rows.deleteMany({ personId });
  }

  async #load(sid: string): Promise<SessionData | null> {
    const row = await this.#rows.findOne({ _id: digest(sid) });
    if (row === null || row.expiresAt <= this.clock.now()) return null;
    const loaded = JSON.parse(row.data) as Loaded;
    loaded.seenAt = row.seenAt.getTime();
    return loaded;
  }

  #seen(): Pick<Row, 'seenAt' | 'expiresAt'> {
    const now = this.clock.now();
    return { seenAt: now, expiresAt: new Date(now.getTime() + SESSION_IDLE_MS) };
  }
}

const personIn = (session: SessionData): string | undefined =>
  (session as { passport?: { user?: { personId?: string } } }).passport?.user?.personId;

function settle<Value>(promise: Promise<Value>, callback: Callback<Value>): void {
  promise.then(
    (value) => {
      callback(null, value);
    },
    (error: unknown) => {
      callback(error);
    },
  );
}
