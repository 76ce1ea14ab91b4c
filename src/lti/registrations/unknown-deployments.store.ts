import { Schema, type Connection, type Types } from 'mongoose';

/** A deployment without approval that a registered platform named in a launch with a valid signature. */
export interface UnknownDeployment {
  readonly id: string;
  readonly registrationId: string;
  readonly deployment: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** Number of refused launches. */
  readonly launches: number;
}

interface Row {
  registrationId: string;
  deployment: string;
  firstSeenAt: Date;
  lastSeenAt: Date;
  launches: number;
}

const schema = new Schema<Row>(
  {
    registrationId: { type: String, required: true },
    deployment: { type: String, required: true },
    firstSeenAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    launches: { type: Number, required: true },
  },
  { collection: 'unknown_deployments', versionKey: false },
);
schema.index({ registrationId: 1, deployment: 1 }, { unique: true });
schema.index({ registrationId: 1, lastSeenAt: -1 });

const plain = ({ _id, ...row }: Row & { _id: Types.ObjectId }): UnknownDeployment => ({
  ...row,
  id: _id.toString(),
});

export interface UnknownDeploymentsStore {
  /** Counts a refused launch. Of more than `max` deployments those seen longest ago are deleted. */
  note(registrationId: string, deployment: string, now: Date, max: number): Promise<void>;
  /** Returns unknown deployments, newest first. */
  list(registrationId: string): Promise<UnknownDeployment[]>;
  forget(registrationId: string, deployments: readonly string[]): Promise<void>;
}

export function createUnknownDeploymentsStore(connection: Connection): UnknownDeploymentsStore {
  const model = connection.model('UnknownDeployment', schema);
  return {
    async note(registrationId, deployment, now, max) {
      await model.updateOne(
        { registrationId, deployment },
        { $set: { lastSeenAt: now }, $setOnInsert: { firstSeenAt: now }, $inc: { launches: 1 } },
        { upsert: true },
      );
      const beyond = await model
        .find({ registrationId })
        .sort({ lastSeenAt: -1 })
        .skip(max)
        .select({ _id: 1 })
        .lean();
      if (beyond.length > 0) await model.deleteMany({ _id: { $in: beyond.map(({ _id }) => _id) } });
    },
    async list(registrationId) {
      return (await model.find({ registrationId }).sort({ lastSeenAt: -1 }).lean()).map(plain);
    },
    async forget(registrationId, deployments) {
      await model.deleteMany({ registrationId, deployment: { $in: deployments } });
    },
  };
}
