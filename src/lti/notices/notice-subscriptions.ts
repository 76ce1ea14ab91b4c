import { Schema, type Connection } from 'mongoose';
import { DAY, msSince, type Clock } from '../../shared/clock.js';
import type { AccessTokens } from '../keys/access-tokens.js';
import { CLAIM } from '../claims/claims.js';
import type { VerifiedLaunch } from '../launch/launch-gate.js';
import { NOTICE } from './notices.js';
import type { Outbound } from '../transport/outbound.js';
import { isDuplicateKey } from '../../storage/index.js';

/** Scope of the Platform Notification Service 1.0. https://www.imsglobal.org/spec/lti-pns/v1p0/main */
export const NOTICE_SCOPE = 'https://purl.imsglobal.org/spec/lti/scope/noticehandlers';

/** Subscribes again after this time, because a platform may lose subscriptions and a failure may be temporary. */
const EVERY_MS = DAY;

interface Row {
  registrationId: string;
  deploymentId: string;
  askedAt: Date;
  /** '' after success, else the platform's answer. */
  problem: string;
}

const schema = new Schema<Row>(
  {
    registrationId: { type: String, required: true },
    deploymentId: { type: String, required: true },
    askedAt: { type: Date, required: true },
    problem: { type: String, default: '' },
  },
  { collection: 'notice_subscriptions', versionKey: false },
);
schema.index({ registrationId: 1, deploymentId: 1 }, { unique: true });

export interface NoticeSubscriptions {
  /** Subscribes in the background if the launch offers notices, at most once a day per deployment. Never throws. */
  offered(launch: VerifiedLaunch): void;
  /** Settles when no subscription is in progress. */
  settled(): Promise<void>;
}

export interface SubscriptionDeps {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly tokens: AccessTokens;
  /** This tool's address for notices. */
  readonly handler: string;
}

export function createNoticeSubscriptions(deps: SubscriptionDeps): NoticeSubscriptions {
  const { clock, outbound, tokens, handler } = deps;
  const model = deps.connection.model('NoticeSubscription', schema);
  const askedAt = new Map<string, number>();
  const underWay = new Set<Promise<void>>();

  /** Returns false if any process has subscribed within the day. */
  async function mayAsk(registrationId: string, deploymentId: string, now: Date): Promise<boolean> {
    try {
      await model.updateOne(
        {
          ...{ registrationId, deploymentId },
          $or: [{ askedAt: { $lte: new Date(now.getTime() - EVERY_MS) } }, { askedAt: { $gt: now } }],
        },
        { $set: { askedAt: now } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async function subscribe({ registration, claims }: VerifiedLaunch, now: Date): Promise<void> {
    const service = claims[CLAIM.notices];
    const deploymentId = claims[CLAIM.deploymentId];
    if (!service || !(await mayAsk(registration.id, deploymentId, now))) return;
    const problems: string[] = [];
    for (const type of Object.values(NOTICE)) {
      if (!service.notice_types_supported.includes(type)) continue;
      try {
        const token = await tokens.get(registration, [NOTICE_SCOPE]);
        const { status } = await outbound.send({
          url: service.platform_notification_service_url,
          method: 'PUT',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ notice_type: type, handler }),
        });
        if (status === 401) tokens.discard(token);
        if (status < 200 || status > 299) problems.push(`${type}: ${status}`);
      } catch (error) {
        problems.push(`${type}: ${error instanceof Error ? error.message : 'error'}`);
      }
    }
    const problem = problems.join('; ').slice(0, 500);
    await model.updateOne({ registrationId: registration.id, deploymentId }, { $set: { problem } });
  }

  return {
    offered(launch) {
      if (!launch.claims[CLAIM.notices]) return;
      const now = clock.now();
      const key = `${launch.registration.id} ${launch.claims[CLAIM.deploymentId]}`;
      if (msSince(askedAt.get(key) ?? -Infinity, now.getTime()) < EVERY_MS) return;
      askedAt.set(key, now.getTime());
      // If the storage fails here, it also fails the launch's own writes, which report it.
      const work = subscribe(launch, now)
        .catch(() => undefined)
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
