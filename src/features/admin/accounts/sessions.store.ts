import { Schema, type Connection } from 'mongoose';
import { digest, newKey, newToken } from '../../../shared/ids.js';

/** A sign-in of one browser, complete or waiting for the second factor: by an account, or vouched for by an LMS. */
export interface AdminSession {
  /** Names the session on the page that lists them; opens nothing. */
  readonly key: string;
  /** '' for sessions without an account. */
  readonly adminId: string;
  /** Of sessions that came from a launch; '' for accounts. */
  readonly registrationId: string;
  readonly personId: string;
  /** `code`: the password was right, the second factor is awaited. */
  readonly stage: 'open' | 'code';
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** However busy it is, it ends here. */
  readonly endsAt: Date;
  readonly address: string;
  readonly userAgent: string;
}

export type NewAdminSession = Pick<
  AdminSession,
  'adminId' | 'registrationId' | 'personId' | 'stage' | 'address' | 'userAgent'
>;

interface Row extends Omit<AdminSession, 'registrationId' | 'personId'> {
  registrationId?: string;
  personId?: string;
  _id: string;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    adminId: { type: String, default: '' },
    registrationId: { type: String, default: '' },
    personId: { type: String, default: '' },
    stage: { type: String, required: true },
    createdAt: { type: Date, required: true },
    seenAt: { type: Date, required: true },
    address: { type: String, default: '' },
    userAgent: { type: String, default: '' },
    endsAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'admin_sessions', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ adminId: 1, key: 1 });
schema.index({ registrationId: 1 });

const plain = (row: Row): AdminSession => ({
  key: row.key,
  adminId: row.adminId,
  // Sessions from before there were guests have neither.
  registrationId: row.registrationId ?? '',
  personId: row.personId ?? '',
  stage: row.stage,
  createdAt: row.createdAt,
  seenAt: row.seenAt,
  endsAt: row.endsAt,
  address: row.address,
  userAgent: row.userAgent,
});

export interface AdminSessionsStore {
  /** @returns the token for the cookie: always a new one */
  open(session: NewAdminSession, now: Date, idleMs: number, longestMs: number): Promise<string>;
  findOptional(token: string, now: Date): Promise<AdminSession | null>;
  /** Notes a visit: the session lives on until then. */
  touch(token: string, seenAt: Date, expiresAt: Date): Promise<void>;
  end(token: string): Promise<boolean>;
  endByKey(adminId: string, key: string): Promise<boolean>;
  /** @param except token of the session that stays. @returns how many ended */
  endAll(adminId: string, except?: string): Promise<number>;
  /** Of all who came by launches of this platform. */
  endOfPlatform(registrationId: string): Promise<void>;
  /** Newest first. */
  ofAdmin(adminId: string, now: Date): Promise<AdminSession[]>;
}

export function createAdminSessionsStore(connection: Connection): AdminSessionsStore {
  const model = connection.model('AdminSession', schema);
  return {
    async open(session: NewAdminSession, now: Date, idleMs: number, longestMs: number): Promise<string> {
      const token = newToken();
      await model.create({
        ...session,
        _id: digest(token),
        key: newKey(),
        createdAt: now,
        seenAt: now,
        endsAt: new Date(now.getTime() + longestMs),
        expiresAt: new Date(now.getTime() + Math.min(idleMs, longestMs)),
      });
      return token;
    },
    async findOptional(token: string, now: Date): Promise<AdminSession | null> {
      const row = await model.findOne({ _id: digest(token), expiresAt: { $gt: now } }).lean<Row>();
      return row && plain(row);
    },
    async touch(token: string, seenAt: Date, expiresAt: Date): Promise<void> {
      await model.updateOne({ _id: digest(token) }, { $set: { seenAt, expiresAt } });
    },
    async end(token: string): Promise<boolean> {
      return (await model.deleteOne({ _id: digest(token) })).deletedCount > 0;
    },
    async endByKey(adminId: string, key: string): Promise<boolean> {
      return (await model.deleteOne({ adminId, key })).deletedCount > 0;
    },
    async endAll(adminId: string, except = ''): Promise<number> {
      return (await model.deleteMany({ adminId, _id: { $ne: digest(except) } })).deletedCount;
    },
    async endOfPlatform(registrationId: string): Promise<void> {
      await model.deleteMany({ registrationId });
    },
    async ofAdmin(adminId: string, now: Date): Promise<AdminSession[]> {
      const rows = await model
        .find({ adminId, stage: 'open', expiresAt: { $gt: now } })
        .sort({ createdAt: -1 })
        .lean<Row[]>();
      return rows.map(plain);
    },
  };
}
