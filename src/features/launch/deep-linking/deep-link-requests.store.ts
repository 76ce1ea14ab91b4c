import { Schema, type Connection } from 'mongoose';
import { HOUR, type Clock } from '../../../shared/clock.js';
import { newToken } from '../../../shared/ids.js';
import type { DeepLinkingSettings } from '../../../lti/index.js';

/** A Deep Linking request that waits for its answer: a teacher is choosing what to place. */
export interface DeepLinkRequest {
  readonly id: string;
  readonly courseId: string;
  readonly personId: string;
  readonly registrationId: string;
  readonly deploymentId: string;
  readonly settings: DeepLinkingSettings;
}

/** LMSs drop their side much sooner. */
const TTL_MS = 4 * HOUR;

interface Row extends Omit<DeepLinkRequest, 'id' | 'settings'> {
  _id: string;
  settings: string;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    courseId: { type: String, required: true },
    personId: { type: String, required: true },
    registrationId: { type: String, required: true },
    deploymentId: { type: String, required: true },
    settings: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'deep_link_requests', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export interface DeepLinkRequestsStore {
  /** @returns the request's id, unguessable */
  keep(input: Omit<DeepLinkRequest, 'id'>): Promise<string>;
  /** Only for the person and course it was made for. */
  findOptional(id: string, courseId: string, personId: string): Promise<DeepLinkRequest | null>;
}

export function createDeepLinkRequestsStore(connection: Connection, clock: Clock): DeepLinkRequestsStore {
  const model = connection.model('DeepLinkRequest', schema);
  return {
    async keep({ settings, ...request }: Omit<DeepLinkRequest, 'id'>): Promise<string> {
      const id = newToken();
      await model.create({
        ...request,
        _id: id,
        settings: JSON.stringify(settings),
        expiresAt: new Date(clock.now().getTime() + TTL_MS),
      });
      return id;
    },
    async findOptional(id: string, courseId: string, personId: string): Promise<DeepLinkRequest | null> {
      const row = await model
        .findOne({ _id: id, courseId, personId, expiresAt: { $gt: clock.now() } })
        .lean();
      return (
        row && {
          id,
          courseId,
          personId,
          registrationId: row.registrationId,
          deploymentId: row.deploymentId,
          settings: JSON.parse(row.settings) as DeepLinkingSettings,
        }
      );
    },
  };
}
