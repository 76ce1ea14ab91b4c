import { Schema, type Connection, type Model, type mongo } from 'mongoose';
import { withEvents, type AnyModel, type EmittingRow } from '../../infra/events/index.js';
import { isDuplicateKey, modelOf } from '../../storage/index.js';
import type { Interval } from './claims.js';

/** What every document has that holds time. */
export interface TimeRow extends Interval, EmittingRow {
  /** Absent rather than empty when nothing is held: an empty array is a value to a unique index. */
  claims?: string[];
  /** `<person id>:<key>` of the request that made it; a repeated request finds it. */
  requestKey?: string;
}

const schema = new Schema<TimeRow>(
  {
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    claims: { type: [String], default: undefined },
    requestKey: { type: String },
  },
  { collection: 'schedule_times', discriminatorKey: 'kind', versionKey: false },
);
// One outbox, and one sweeper, for all kinds.
schema.plugin(withEvents);
schema.index({ claims: 1 }, { unique: true, sparse: true });
schema.index({ requestKey: 1 }, { unique: true, sparse: true });

const timesModel = (connection: Connection): Model<TimeRow> => modelOf(connection, 'ScheduleTime', schema);

/**
 * Returns the model of one kind of documents that hold time: they stand in one collection, so that one unique index
 * decides between all of them. The first call defines it. Its indexes begin with `kind`.
 */
export function timeModel<Row extends TimeRow>(
  connection: Connection,
  { name, kind }: { readonly name: string; readonly kind: string },
  rowSchema: Schema<Row>,
): Model<Row> {
  const known = connection.models[name] as Model<Row> | undefined;
  return known ?? timesModel(connection).discriminator<Row>(name, rowSchema as unknown as Schema, kind);
}

/** Returns the claim for which a write was refused, null for any other failure. */
export function refusedClaim(error: unknown): string | null {
  if (!isDuplicateKey(error)) return null;
  const { keyPattern, keyValue } = error as {
    keyPattern?: Record<string, unknown>;
    keyValue?: Record<string, unknown>;
  };
  if (keyPattern?.claims === undefined) return null;
  return [keyValue?.claims].flat().map(String)[0] ?? '';
}

export interface TimesStore {
  /** All kinds of documents that hold time. */
  readonly model: AnyModel;
  /** Which of these claims are held. */
  listHeld(claims: readonly string[]): Promise<ReadonlySet<string>>;
}

export function createTimesStore(connection: Connection): TimesStore {
  const model = timesModel(connection);
  // Straight to the collection: each booking asks, and there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<TimeRow>;
  return {
    model,
    async listHeld(claims) {
      const asked = new Set(claims);
      const found = await rows
        .find({ claims: { $in: [...claims] } })
        .project<Pick<TimeRow, 'claims'>>({ claims: 1 })
        .toArray();
      return new Set(found.flatMap((row) => row.claims ?? []).filter((claim) => asked.has(claim)));
    },
  };
}
