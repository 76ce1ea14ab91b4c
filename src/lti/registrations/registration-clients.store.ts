import { Schema, type Connection } from 'mongoose';
import type { SealedField, Sealer } from '../../shared/sealing.js';

/**
 * Where a platform lets its registration of us be read and changed, and the token that opens it (OpenID Connect
 * Dynamic Client Registration 1.0, section 3.2). Apart from the registration, which is shown and printed whole.
 */
export interface RegistrationClient {
  readonly uri: string;
  readonly token: string;
}

interface Row {
  /** Of the registration. */
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
    /** In the place of what was kept before. */
    async keep(registrationId: string, { uri, token }: RegistrationClient): Promise<void> {
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
    async forget(registrationId: string): Promise<void> {
      await model.deleteOne({ _id: registrationId });
    },
  };
}

export type RegistrationClientsStore = ReturnType<typeof createRegistrationClientsStore>;
