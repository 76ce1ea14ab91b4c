import { Schema, type Connection } from 'mongoose';
import type { SealedField, Sealer } from '../../shared/sealing.js';

/**
 * Address and access token of the platform's client configuration endpoint. Stored apart from the registration, which
 * pages and commands show in full. https://openid.net/specs/openid-connect-registration-1_0.html#ClientConfigurationEndpoint
 */
export interface RegistrationClient {
  readonly uri: string;
  readonly token: string;
}

interface Row {
  /** Id of the registration. */
  _id: string;
  uri: string;
  sealedToken: string;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    uri: { type: String, required: true },
    sealedToken: { type: String, required: true },
  },
  { collection: 'registration_clients', versionKey: false },
);

const PURPOSE = 'registration access token';

export const REGISTRATION_TOKENS_SEALED: SealedField = {
  collection: 'registration_clients',
  path: 'sealedToken',
  purpose: PURPOSE,
};

export interface RegistrationClientsStore {
  /** Replaces the stored values, if any. */
  save(registrationId: string, client: RegistrationClient): Promise<void>;
  findOptional(registrationId: string): Promise<RegistrationClient | null>;
  has(registrationId: string): Promise<boolean>;
  remove(registrationId: string): Promise<void>;
}

export function createRegistrationClientsStore(
  connection: Connection,
  sealer: Sealer,
): RegistrationClientsStore {
  const model = connection.model('RegistrationClient', schema);
  return {
    async save(registrationId, { uri, token }) {
      const sealedToken = sealer.seal(token, PURPOSE);
      await model.updateOne({ _id: registrationId }, { $set: { uri, sealedToken } }, { upsert: true });
    },
    async findOptional(registrationId) {
      const row = await model.findById(registrationId).lean<Row>();
      return row && { uri: row.uri, token: sealer.open(row.sealedToken, PURPOSE) };
    },
    async has(registrationId) {
      return (await model.exists({ _id: registrationId })) !== null;
    },
    async remove(registrationId) {
      await model.deleteOne({ _id: registrationId });
    },
  };
}
