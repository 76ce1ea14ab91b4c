import { Schema, type Connection } from 'mongoose';
import { modelOf } from '../../storage/index.js';

/** Where a sign-in link leads, and as whom. */
export type SignInTarget =
  | {
      readonly kind: 'staff';
      readonly cardId: string;
      /** The page that is opened first. */
      readonly path: string;
    }
  | {
      readonly kind: 'course';
      readonly personId: string;
      readonly courseId: string;
      /** The only page that it opens, below the course. */
      readonly path: string;
    };

interface Row {
  /** Digest of the token. */
  _id: string;
  kind: SignInTarget['kind'];
  cardId: string;
  personId: string;
  courseId: string;
  path: string;
  expiresAt: Date;
  usedAt: Date | null;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    cardId: { type: String, default: '' },
    personId: { type: String, default: '' },
    courseId: { type: String, default: '' },
    path: { type: String, default: '' },
    expiresAt: { type: Date, required: true },
    usedAt: { type: Date, default: null },
  },
  { collection: 'sign_in_links', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 3_600 });
schema.index({ personId: 1 });

export const signInLinksModel = (connection: Connection) => modelOf(connection, 'SignInLink', schema);

const targetOf = ({ kind, cardId, personId, courseId, path }: Row): SignInTarget =>
  kind === 'staff' ? { kind, cardId, path } : { kind, personId, courseId, path };

export interface SignInLinksStore {
  insert(digest: string, target: SignInTarget, expiresAt: Date): Promise<void>;
  /** Looks without using it up. Returns null when it is used, over or unknown. */
  look(digest: string, now: Date): Promise<SignInTarget | null>;
  /** Uses the link: of two at one moment, only one gets its target. */
  use(digest: string, now: Date): Promise<SignInTarget | null>;
}

export function createSignInLinksStore(connection: Connection): SignInLinksStore {
  const model = signInLinksModel(connection);
  return {
    async insert(digest, target, expiresAt) {
      await model.create({ ...target, _id: digest, expiresAt, usedAt: null });
    },
    async look(digest, now) {
      const row = await model.findOne({ _id: digest, usedAt: null, expiresAt: { $gt: now } }).lean<Row>();
      return row && targetOf(row);
    },
    async use(digest, now) {
      const row = await model
        .findOneAndUpdate(
          { _id: digest, usedAt: null, expiresAt: { $gt: now } },
          { $set: { usedAt: now } },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && targetOf(row);
    },
  };
}
