import { Schema, type Connection, type mongo } from 'mongoose';
import { HOUR, MINUTE, type Clock } from '../../shared/clock.js';
import { digest, newToken } from '../../shared/ids.js';
import type { SessionIdentity } from '../../shared/session-identity.js';
import { ifWritable, keepReads } from '../../storage/index.js';
import type { SessionStore } from '../../web/session.js';

/** A session ends after this long without a request. */
const SESSION_IDLE_MS = 8 * HOUR;
/** A visit is written down at most this often: most requests then only read. */
const TOUCH_MS = 10 * MINUTE;

interface Row {
  /** Digest of the session's id. */
  _id: string;
  data: string;
  personId: string;
  seenAt: Date;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    /** JSON of the identity: nothing of it is looked for. */
    data: { type: String, required: true },
    personId: { type: String },
    seenAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'sessions', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ personId: 1 }, { sparse: true });

interface Found {
  readonly identity: SessionIdentity;
  readonly seenAt: number;
  readonly expiresAt: number;
}

export interface SessionsStore extends SessionStore {
  /** Ends sessions by the digests of their ids. */
  end(digests: readonly string[]): Promise<void>;
  /** Ends all sessions of a person. */
  endOf(personId: string): Promise<void>;
}

/** Rows of earlier versions hold no identity of this form; their people launch again. */
function foundIn({ data, seenAt, expiresAt }: Row): Found | null {
  const identity = JSON.parse(data) as Partial<SessionIdentity>;
  return identity.course === undefined
    ? null
    : {
        identity: identity as SessionIdentity,
        seenAt: seenAt.getTime(),
        expiresAt: expiresAt.getTime(),
      };
}

export function createSessionsStore(connection: Connection, clock: Clock): SessionsStore {
  // Straight to the collection: at every request, and there is nothing here to cast or validate.
  const rows = connection.model('Session', schema).collection as unknown as mongo.Collection<Row>;
  const known = keepReads<Found | null>(connection, {
    collection: 'sessions',
    keysOf: ({ _id }) => [String(_id)],
    most: 5_000,
  });

  const seen = (): Pick<Row, 'seenAt' | 'expiresAt'> => {
    const now = clock.now();
    return { seenAt: now, expiresAt: new Date(now.getTime() + SESSION_IDLE_MS) };
  };

  async function read(_id: string): Promise<Found | null> {
    const row = await rows.findOne({ _id });
    return row && foundIn(row);
  }

  return {
    async find(id) {
      const _id = digest(id);
      // Ids that do not exist are not kept: anyone can invent them.
      const found = await known.get(_id, () => read(_id), {
        until: (value) => (value === null ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY),
      });
      const now = clock.now().getTime();
      if (found === null || found.expiresAt <= now) return null;
      if (now - found.seenAt >= TOUCH_MS) await ifWritable(rows.updateOne({ _id }, { $set: seen() }));
      return found.identity;
    },
    async begin(identity) {
      const id = newToken();
      const times = seen();
      const row: Row = {
        _id: digest(id),
        data: JSON.stringify(identity),
        personId: identity.personId,
        ...times,
      };
      // The page that a launch leads to asks for it at once. As text and back: what is kept is nobody else's.
      await known.inserted(row._id, foundIn(row), () => rows.insertOne(row));
      return id;
    },
    async save(id, identity) {
      await rows.updateOne(
        { _id: digest(id) },
        { $set: { data: JSON.stringify(identity), personId: identity.personId, ...seen() } },
      );
    },
    async endById(id) {
      await rows.deleteOne({ _id: digest(id) });
    },
    async end(digests) {
      await rows.deleteMany({ _id: { $in: [...digests] } });
    },
    async endOf(personId) {
      await rows.deleteMany({ personId });
    },
  };
}
