import { Schema, type Connection, type Types } from 'mongoose';
import type { KeptClaim } from './masking.js';

/** One launch, or a login that was refused, as it ended. Holds no token, and nobody's name. */
export interface LoggedLaunch {
  readonly id: string;
  readonly at: Date;
  readonly stage: 'login' | 'launch';
  /** As the page with the refusal shows it. */
  readonly requestId: string;
  /** '' where the platform is none of ours, or it never came that far. */
  readonly registrationId: string;
  readonly accepted: boolean;
  /** Code of the refusal; '' when accepted. */
  readonly code: string;
  /** What the refusal shows of what it got. */
  readonly received: readonly KeptClaim[];
  /** The platform's signature held: the claims are its own. */
  readonly verified: boolean;
  readonly loginIn: 'cookie' | 'platform' | 'lost' | '';
  readonly messageType: string;
  readonly deployment: string;
  readonly services: readonly string[];
  readonly claims: readonly KeptClaim[];
  readonly milliseconds: number;
}

export type NewLoggedLaunch = Omit<LoggedLaunch, 'id'>;

export interface LaunchFilter {
  readonly registrationId?: string;
  readonly accepted?: boolean;
  readonly requestId?: string;
}

const kept = () => [new Schema<KeptClaim>({ name: String, value: String }, { _id: false })];

const schema = new Schema<NewLoggedLaunch>(
  {
    at: { type: Date, required: true },
    stage: { type: String, required: true },
    requestId: { type: String, default: '' },
    registrationId: { type: String, default: '' },
    accepted: { type: Boolean, required: true },
    code: { type: String, default: '' },
    received: kept(),
    verified: { type: Boolean, required: true },
    loginIn: { type: String, default: '' },
    messageType: { type: String, default: '' },
    deployment: { type: String, default: '' },
    services: { type: [String], default: [] },
    claims: kept(),
    milliseconds: { type: Number, required: true },
  },
  { collection: 'launch_log', versionKey: false },
);
schema.index({ at: -1, _id: -1 });
schema.index({ verified: 1, at: -1, _id: -1 });
schema.index({ registrationId: 1, at: -1, _id: -1 });
schema.index({ accepted: 1, at: -1, _id: -1 });
schema.index({ requestId: 1 });

type Row = NewLoggedLaunch & { _id: Types.ObjectId };

const plain = ({ _id, ...row }: Row): LoggedLaunch => ({ ...row, id: _id.toString() });

const NEWEST = { at: -1, _id: -1 } as const;

export function createLaunchesStore(connection: Connection) {
  const model = connection.model('LoggedLaunch', schema);
  return {
    async append(launches: readonly NewLoggedLaunch[]): Promise<void> {
      await model.insertMany(launches, { ordered: false });
    },
    /** Forgets all but the newest `most`, of those with a verified signature or of those without. */
    async trim(verified: boolean, most: number): Promise<void> {
      const [last] = await model
        .find({ verified })
        .sort(NEWEST)
        .skip(most)
        .limit(1)
        .select({ at: 1, _id: 1 })
        .lean<Pick<Row, 'at' | '_id'>[]>();
      if (last === undefined) return;
      const { at, _id } = last;
      await model.deleteMany({ verified, $or: [{ at: { $lt: at } }, { at, _id: { $lte: _id } }] });
    },
    /** Newest first. */
    async read(filter: LaunchFilter, skip: number, limit: number): Promise<LoggedLaunch[]> {
      return (await model.find(filter).sort(NEWEST).skip(skip).limit(limit).lean<Row[]>()).map(plain);
    },
    count: (filter: LaunchFilter): Promise<number> => model.countDocuments(filter),
    async findOptional(id: string): Promise<LoggedLaunch | null> {
      const row = await model.findById(id).lean<Row>();
      return row && plain(row);
    },
  };
}

export type LaunchesStore = ReturnType<typeof createLaunchesStore>;
