import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import type { KeptClaim } from './masking.js';

/** One launch, or a login that was refused, as it ended. Holds no token and no name. */
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
  /** Optional claims that could not be read and counted as absent. */
  readonly unreadable: readonly string[];
  readonly milliseconds: number;
}

export type NewLoggedLaunch = Omit<LoggedLaunch, 'id'>;

export interface LaunchFilter {
  readonly registrationId?: string;
  readonly accepted?: boolean;
  readonly requestId?: string;
  /** From this moment on, and before that one. */
  readonly from?: Date | null;
  readonly to?: Date | null;
}

/** What is looked through stands in fields of its own; the rest is only ever shown, one launch at a time. */
type Details = Pick<
  LoggedLaunch,
  | 'received'
  | 'loginIn'
  | 'messageType'
  | 'deployment'
  | 'services'
  | 'claims'
  | 'unreadable'
  | 'milliseconds'
>;

interface Row extends Omit<NewLoggedLaunch, keyof Details> {
  /** JSON of the details. */
  details: string;
}

const schema = new Schema<Row>(
  {
    at: { type: Date, required: true },
    stage: { type: String, required: true },
    requestId: { type: String, default: '' },
    registrationId: { type: String, default: '' },
    accepted: { type: Boolean, required: true },
    code: { type: String, default: '' },
    verified: { type: Boolean, required: true },
    details: { type: String, required: true },
  },
  { collection: 'launch_log', versionKey: false },
);
// Every launch pays for each index: what else is asked for is looked through, for there are a thousand rows.
schema.index({ at: -1, _id: -1 });
schema.index({ verified: 1, at: -1, _id: -1 });

type Earlier = Omit<NewLoggedLaunch, 'unreadable'> & Partial<Pick<NewLoggedLaunch, 'unreadable'>>;

type Found = (Row | Earlier) & { readonly _id: Types.ObjectId };

/** While the program is renewed, a process of the version before may write the details as fields, after the migration. */
function plain({ _id, ...row }: Found): LoggedLaunch {
  const id = _id.toString();
  if (!('details' in row)) return { ...row, unreadable: row.unreadable ?? [], id };
  const { details, ...rest } = row;
  const found = JSON.parse(details) as Omit<Details, 'unreadable'> & Partial<Pick<Details, 'unreadable'>>;
  // Rows of earlier versions say nothing of it.
  return { ...rest, ...found, unreadable: found.unreadable ?? [], id };
}

function rowOf(launch: NewLoggedLaunch): Row {
  const { received, loginIn, messageType, deployment, services, claims, unreadable, milliseconds, ...row } =
    launch;
  const details: Details = {
    ...{ received, loginIn, messageType, deployment, services, claims, unreadable, milliseconds },
  };
  return { ...row, details: JSON.stringify(details) };
}

const within = ({ from, to }: LaunchFilter) =>
  (from ?? to) ? { at: { ...(from && { $gte: from }), ...(to && { $lt: to }) } } : {};

/** What a filter asks of a row beside its time. */
type Asked = Pick<Row, 'registrationId' | 'accepted' | 'requestId'> & { readonly _id: Types.ObjectId };

const matches = (row: Asked, { registrationId, accepted, requestId }: LaunchFilter): boolean =>
  (registrationId === undefined || row.registrationId === registrationId) &&
  (accepted === undefined || row.accepted === accepted) &&
  (requestId === undefined || row.requestId === requestId);

/** More rows than there are before the oldest are forgotten. */
const MOST_ROWS = 5_000;

const NEWEST = { at: -1, _id: -1 } as const;

/** A launch in the form in which it is written. */
export interface PreparedLaunch {
  readonly row: unknown;
  readonly bytes: number;
}

export interface FoundLaunches {
  readonly launches: LoggedLaunch[];
  readonly total: number;
}

export interface LaunchesStore {
  /** Shares no memory with the token: what waits takes the bytes that it says. */
  prepare(launch: NewLoggedLaunch): PreparedLaunch;
  append(launches: readonly PreparedLaunch[]): Promise<void>;
  /** Forgets all but the newest `most`, of those with a verified signature or of those without. */
  trim(verified: boolean, most: number): Promise<void>;
  /** Newest first, and how many there are. */
  read(filter: LaunchFilter, skip: number, limit: number): Promise<FoundLaunches>;
  findOptional(id: string): Promise<LoggedLaunch | null>;
}

export function createLaunchesStore(connection: Connection): LaunchesStore {
  const model = connection.model('LoggedLaunch', schema);
  // Straight to the collection: one row for every launch, of our own making.
  const rows = model.collection as unknown as mongo.Collection<Row>;
  return {
    prepare(launch) {
      const row = rowOf(launch);
      return { row, bytes: row.details.length };
    },
    async append(launches) {
      await rows.insertMany(
        launches.map(({ row }) => row as Row),
        { ordered: false },
      );
    },
    async trim(verified: boolean, most: number): Promise<void> {
      const [last] = await model
        .find({ verified })
        .sort(NEWEST)
        .skip(most)
        .limit(1)
        .select({ at: 1, _id: 1 })
        .lean<(Pick<Row, 'at'> & { _id: Types.ObjectId })[]>();
      if (last === undefined) return;
      const { at, _id } = last;
      await model.deleteMany({ verified, $or: [{ at: { $lt: at } }, { at, _id: { $lte: _id } }] });
    },
    async read(filter: LaunchFilter, skip: number, limit: number): Promise<FoundLaunches> {
      const rows = await model
        .find(within(filter))
        .sort(NEWEST)
        .limit(MOST_ROWS)
        .select({ registrationId: 1, accepted: 1, requestId: 1 })
        .lean<Asked[]>();
      const ids = rows.filter((row) => matches(row, filter)).map(({ _id }) => _id);
      const shown = ids.slice(skip, skip + limit);
      const found = await model
        .find({ _id: { $in: shown } })
        .sort(NEWEST)
        .lean<Found[]>();
      return { launches: found.map(plain), total: ids.length };
    },
    async findOptional(id: string): Promise<LoggedLaunch | null> {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
  };
}
