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

export function createRegistrationClientsStore(connection: Connection, sealer: Sealer) {
  const model = connection.model('RegistrationClient', schema);
  return {
    /** Replaces the stored values, if any. */
    async save(registrationId: string, { uri, token }: RegistrationClient): Promise<void> {
      const sealedToken = sealer.seal(token, PURPOSE);
      await model.updateOne({ _id: registrationId }, { $set: { uri, sealedToken } }, { upsert: true });
    },
    async findOptional(registrationId: string): Promise<RegistrationClient | null> {
      const row = await model.findById(registrationId).lean<Row>();
      return row && { uri: row.uri, token: sealer.open(row.sealedToken, PURPOSE) };
    },
    async has(registrationId: string): Promise<boolean> {
      return (await model.exists({ _id: registrationId })) !== null;
    },
    async remove(registrationId: string): Promise<void> {
      await model.deleteOne({ _id: registrationId });
    },
  };
}

export type RegistrationClientsStore = ReturnType<typeof createRegistrationClientsStore>;
