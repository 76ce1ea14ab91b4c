import { Schema, type Connection } from 'mongoose';
import type { RoleRule } from '../claims/roles.js';

/**
 * One client id on one platform (Security Framework 5.1.1). Several on one issuer are normal. `removed` keeps
 * the record, so that people and courses find themselves again when the platform is registered anew.
 */
export interface Registration {
  readonly id: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly name: string;
  /** `product_family_code` of the platform's configuration; '' where the platform never told it. */
  readonly product: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly state: 'pending' | 'active' | 'disabled' | 'removed';
  readonly deployments: readonly string[];
  /** Origins, besides those of the issuer and the authentication address, that frame the tool. */
  readonly frameOrigins: readonly string[];
  /** What becomes of a launch from a deployment that is not listed: refused and shown, or taken in and noted. */
  readonly unknownDeployments: 'ask' | 'accept';
  /** What its roles mean here, where that differs from what they mean everywhere. */
  readonly roles: readonly RoleRule[];
  /** Scopes of services that the platform granted when it was registered; null where it has not said. */
  readonly scopes: readonly string[] | null;
  /** Where the platform describes itself (openid-configuration); null where that was never told. */
  readonly configurationUrl: string | null;
  /** Whose courses are those of deployments before it; null where nothing has taken another's place. */
  readonly successor: DeploymentSuccessor | null;
  readonly createdAt: Date;
}

/**
 * A deployment that came with another client id: on the platform the tool is a new one, and its courses are known
 * here by the deployments of those before it.
 */
export interface DeploymentSuccessor {
  readonly deployment: string;
  /** Oldest first. */
  readonly of: readonly string[];
}

/** What may be changed of a registration; the rest is who it is. */
export type RegistrationEdit = Pick<
  Registration,
  'name' | 'deployments' | 'frameOrigins' | 'unknownDeployments'
>;

/** What registering sets; the rest is the administrator's, and survives a registration anew. */
export type RegistrationFields = Omit<
  Registration,
  'id' | 'createdAt' | 'unknownDeployments' | 'roles' | 'successor'
>;

/** What a registration anew in its place sets: the platform's own part of it. */
export type RegistrationRenewal = Partial<
  Pick<
    Registration,
    'clientId' | 'product' | 'authUrl' | 'tokenUrl' | 'jwksUrl' | 'scopes' | 'configurationUrl' | 'successor'
  >
>;

interface Columns extends RegistrationFields {
  /** A record may lack these: it was written before they were thought of. */
  unknownDeployments?: Registration['unknownDeployments'];
  /** JSON: it is only ever read and compared whole. */
  roles?: string;
  /** JSON likewise; '' for null. */
  successor?: string;
  createdAt: Date;
}

const schema = new Schema<Columns>(
  {
    issuer: { type: String, required: true },
    clientId: { type: String, required: true },
    name: { type: String, default: '' },
    product: { type: String, default: '' },
    authUrl: { type: String, required: true },
    tokenUrl: { type: String, required: true },
    jwksUrl: { type: String, required: true },
    state: { type: String, required: true },
    deployments: { type: [String], default: [] },
    frameOrigins: { type: [String], default: [] },
    unknownDeployments: { type: String, default: 'ask' },
    roles: { type: String, default: '[]' },
    scopes: { type: [String], default: null },
    configurationUrl: { type: String, default: null },
    successor: { type: String, default: '' },
  },
  { timestamps: { createdAt: true, updatedAt: true }, collection: 'registrations', versionKey: false },
);
schema.index({ issuer: 1, clientId: 1 }, { unique: true });

export function createRegistrationsStore(connection: Connection) {
  const model = connection.model('Registration', schema);
  type Row = Columns & { _id: { toString(): string } };
  const plain = ({ _id, ...row }: Row): Registration => ({
    ...row,
    id: _id.toString(),
    unknownDeployments: row.unknownDeployments ?? 'ask',
    roles: JSON.parse(row.roles ?? '[]') as RoleRule[],
    // Records from before these were kept have none.
    scopes: row.scopes ?? null,
    configurationUrl: row.configurationUrl ?? null,
    successor: row.successor ? (JSON.parse(row.successor) as DeploymentSuccessor) : null,
  });
  return {
    /** @param issuer compared exactly, as OpenID Connect Core 2 demands */
    async findOptional(issuer: string, clientId: string): Promise<Registration | null> {
      const row = await model.findOne({ issuer, clientId }).lean<Row>();
      return row && plain(row);
    },
    async findOptionalById(id: string): Promise<Registration | null> {
      const row = await model.findById(id).lean<Row>();
      return row && plain(row);
    },
    async ofIssuer(issuer: string): Promise<Registration[]> {
      return (await model.find({ issuer }).sort({ _id: 1 }).lean<Row[]>()).map(plain);
    },
    async all(): Promise<Registration[]> {
      return (await model.find().sort({ _id: 1 }).lean<Row[]>()).map(plain);
    },
    /**
     * Creates or replaces the registration of this issuer and client id, atomically.
     * @param unknownDeployments of one that is new
     */
    async save(
      fields: RegistrationFields,
      unknownDeployments: Registration['unknownDeployments'],
    ): Promise<Registration> {
      const { issuer, clientId, ...rest } = fields;
      const row = await model
        .findOneAndUpdate(
          { issuer, clientId },
          { $set: rest, $setOnInsert: { unknownDeployments } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<Row>();
      return plain(row);
    },
    /** Writes over exactly what was there before. @returns null when it is other by now, or gone */
    async edit(id: string, before: RegistrationEdit, after: RegistrationEdit): Promise<Registration | null> {
      const { name, deployments, frameOrigins, unknownDeployments } = before;
      const row = await model
        .findOneAndUpdate(
          {
            _id: id,
            name,
            deployments: [...deployments],
            frameOrigins: [...frameOrigins],
            unknownDeployments: unknownDeployments === 'ask' ? { $in: ['ask', null] } : unknownDeployments,
          },
          { $set: after },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && plain(row);
    },
    /**
     * @param deployment to be listed as well; null for none
     * @param clientId which it still has
     * @returns null when it is gone, or has another client id by now
     * @throws duplicate key when another registration of this issuer has the client id
     */
    async renew(
      { id, clientId }: Pick<Registration, 'id' | 'clientId'>,
      { successor, ...after }: RegistrationRenewal,
      deployment: string | null,
    ): Promise<Registration | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: id, clientId, state: { $ne: 'removed' } },
          {
            $set: { ...after, ...(successor && { successor: JSON.stringify(successor) }) },
            ...(deployment !== null && { $addToSet: { deployments: deployment } }),
          },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && plain(row);
    },
    /** @returns null when it is there already, or when there are `most` of them */
    async addDeployment(id: string, deployment: string, most: number): Promise<Registration | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: id, deployments: { $ne: deployment }, [`deployments.${most - 1}`]: { $exists: false } },
          { $push: { deployments: deployment } },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && plain(row);
    },
    /** Writes over exactly what was there before. @returns null when it is other by now */
    async setRoles(
      id: string,
      before: readonly RoleRule[],
      after: readonly RoleRule[],
    ): Promise<Registration | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: id, roles: before.length === 0 ? { $in: ['[]', null] } : JSON.stringify(before) },
          { $set: { roles: JSON.stringify(after) } },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && plain(row);
    },
    async setState(id: string, state: Registration['state']): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { state } });
    },
  };
}

export type RegistrationsStore = ReturnType<typeof createRegistrationsStore>;
