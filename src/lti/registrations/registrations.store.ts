import { Schema, type Connection } from 'mongoose';
import { OWN_PARAMETERS, type OwnParameter } from '../claims/own-parameters.js';
import type { RoleRule } from '../claims/roles.js';

/**
 * One client id on one platform; an issuer may have several. A removed registration stays stored, so that its people and
 * courses belong to it when the platform is registered again.
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
  /**
   * Audience of token requests: `authorization_server` of the platform's configuration; '' if it is the token address.
   * https://www.imsglobal.org/spec/lti-dr/v1p0#platform-configuration
   */
  readonly tokenAudience: string;
  readonly jwksUrl: string;
  readonly state: 'pending' | 'active' | 'disabled' | 'removed';
  readonly deployments: readonly string[];
  /** Origins, besides those of the issuer and the authentication address, that frame the tool. */
  readonly frameOrigins: readonly string[];
  /** True if a launch from an unknown deployment is refused until an administrator approves (`ask`) or accepted. */
  readonly unknownDeployments: 'ask' | 'accept';
  /** This platform's mapping of roles. */
  readonly roles: readonly RoleRule[];
  /** Custom parameters that the platform keeps in this tool's own configuration. */
  readonly ownParameters: readonly OwnParameter[];
  /** Scopes that the platform granted at registration; null if it did not tell them. */
  readonly scopes: readonly string[] | null;
  /** Address of the platform's configuration (openid-configuration); null if unknown. */
  readonly configurationUrl: string | null;
  /** The deployment that owns the courses of earlier ones; null if none was replaced. */
  readonly successor: DeploymentSuccessor | null;
  readonly createdAt: Date;
}

/**
 * A deployment that came with a new client id: the platform treats the tool as a new one, while its courses are stored
 * here under the earlier deployments.
 */
export interface DeploymentSuccessor {
  readonly deployment: string;
  /** Oldest first. */
  readonly of: readonly string[];
}

/** The members that an administrator may change. */
export type RegistrationEdit = Pick<
  Registration,
  'name' | 'deployments' | 'frameOrigins' | 'unknownDeployments' | 'ownParameters'
>;

/** The members that registering sets. The administrator's members survive another registration. */
export type RegistrationFields = Omit<
  Registration,
  'id' | 'createdAt' | 'unknownDeployments' | 'roles' | 'successor'
>;

/** The members that renewing sets: the platform's part. */
export type RegistrationRenewal = Partial<
  Pick<
    Registration,
    | 'clientId'
    | 'product'
    | 'authUrl'
    | 'tokenUrl'
    | 'tokenAudience'
    | 'jwksUrl'
    | 'ownParameters'
    | 'scopes'
    | 'configurationUrl'
    | 'successor'
  >
>;

interface Columns extends Omit<RegistrationFields, 'tokenAudience' | 'ownParameters'> {
  /** Missing in records of earlier versions. */
  tokenAudience?: string;
  /** Missing in records of earlier versions. */
  ownParameters?: readonly OwnParameter[];
  /** Missing in records of earlier versions. */
  unknownDeployments?: Registration['unknownDeployments'];
  /** JSON, because it is read and compared as a whole. */
  roles?: string;
  /** JSON, '' for null. */
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
    tokenAudience: { type: String, default: '' },
    jwksUrl: { type: String, required: true },
    state: { type: String, required: true },
    deployments: { type: [String], default: [] },
    frameOrigins: { type: [String], default: [] },
    unknownDeployments: { type: String, default: 'ask' },
    roles: { type: String, default: '[]' },
    ownParameters: { type: [String], default: undefined },
    scopes: { type: [String], default: null },
    configurationUrl: { type: String, default: null },
    successor: { type: String, default: '' },
  },
  { timestamps: { createdAt: true, updatedAt: true }, collection: 'registrations', versionKey: false },
);
schema.index({ issuer: 1, clientId: 1 }, { unique: true });

export interface RegistrationsStore {
  /**
   * Finds a registration. The issuer is compared exactly.
   * https://openid.net/specs/openid-connect-core-1_0.html#IDToken
   */
  findOptional(issuer: string, clientId: string): Promise<Registration | null>;
  findOptionalById(id: string): Promise<Registration | null>;
  ofIssuer(issuer: string): Promise<Registration[]>;
  all(): Promise<Registration[]>;
  /**
   * Creates or replaces the registration of this issuer and client id, atomically.
   * @param unknownDeployments value for a new registration
   */
  save(
    fields: RegistrationFields,
    unknownDeployments: Registration['unknownDeployments'],
  ): Promise<Registration>;
  /** Returns null if the registration has changed since `before` or no longer exists. */
  edit(id: string, before: RegistrationEdit, after: RegistrationEdit): Promise<Registration | null>;
  /**
   * Returns null if the registration was removed or its client id has changed.
   * @param deployment is added to the list; null for none
   * @throws duplicate key if another registration of this issuer has the client id
   */
  renew(
    before: Pick<Registration, 'id' | 'clientId'>,
    after: RegistrationRenewal,
    deployment: string | null,
  ): Promise<Registration | null>;
  /** Returns null if the deployment is listed already or if `max` deployments are. */
  addDeployment(id: string, deployment: string, max: number): Promise<Registration | null>;
  /** Returns null if the roles have changed since `before`. */
  setRoles(id: string, before: readonly RoleRule[], after: readonly RoleRule[]): Promise<Registration | null>;
  setState(id: string, state: Registration['state']): Promise<void>;
}

export function createRegistrationsStore(connection: Connection): RegistrationsStore {
  const model = connection.model('Registration', schema);
  type Row = Columns & { _id: { toString(): string } };
  const plain = ({ _id, ...row }: Row): Registration => ({
    ...row,
    id: _id.toString(),
    unknownDeployments: row.unknownDeployments ?? 'ask',
    roles: JSON.parse(row.roles ?? '[]') as RoleRule[],
    // A platform that registered itself was asked for all of them, also in earlier versions.
    ownParameters: row.ownParameters ?? (row.scopes ? OWN_PARAMETERS : []),
    // Missing in records of earlier versions.
    scopes: row.scopes ?? null,
    configurationUrl: row.configurationUrl ?? null,
    tokenAudience: row.tokenAudience ?? '',
    successor: row.successor ? (JSON.parse(row.successor) as DeploymentSuccessor) : null,
  });
  return {
    async findOptional(issuer, clientId) {
      const row = await model.findOne({ issuer, clientId }).lean<Row>();
      return row && plain(row);
    },
    async findOptionalById(id) {
      const row = await model.findById(id).lean<Row>();
      return row && plain(row);
    },
    async ofIssuer(issuer) {
      return (await model.find({ issuer }).sort({ createdAt: 1, _id: 1 }).lean<Row[]>()).map(plain);
    },
    async all() {
      return (await model.find().sort({ createdAt: 1, _id: 1 }).lean<Row[]>()).map(plain);
    },
    async save(fields, unknownDeployments) {
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
    async edit(id, before, after) {
      const { name, deployments, frameOrigins, unknownDeployments, ownParameters } = before;
      const row = await model
        .findOneAndUpdate(
          {
            _id: id,
            name,
            deployments: [...deployments],
            frameOrigins: [...frameOrigins],
            unknownDeployments: unknownDeployments === 'ask' ? { $in: ['ask', null] } : unknownDeployments,
            $or: [{ ownParameters: [...ownParameters] }, { ownParameters: { $exists: false } }],
          },
          { $set: after },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && plain(row);
    },
    async renew({ id, clientId }, { successor, ...after }, deployment) {
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
    async addDeployment(id, deployment, max) {
      const row = await model
        .findOneAndUpdate(
          { _id: id, deployments: { $ne: deployment }, [`deployments.${max - 1}`]: { $exists: false } },
          { $push: { deployments: deployment } },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && plain(row);
    },
    async setRoles(id, before, after) {
      const row = await model
        .findOneAndUpdate(
          { _id: id, roles: before.length === 0 ? { $in: ['[]', null] } : JSON.stringify(before) },
          { $set: { roles: JSON.stringify(after) } },
          { returnDocument: 'after' },
        )
        .lean<Row>();
      return row && plain(row);
    },
    async setState(id, state) {
      await model.updateOne({ _id: id }, { $set: { state } });
    },
  };
}
