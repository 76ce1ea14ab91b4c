import express, { type RequestHandler } from 'express';
import { z } from 'zod';
import { HOUR, SECOND, type Clock } from '../../shared/clock.js';
import { CLAIM } from '../claims/claims.js';
import type { JwksCache } from '../keys/jwks.js';
import { refuse } from '../launch/refusal.js';
import type { Registrations } from '../registrations/registrations.js';
import { checkHeader, decode } from '../launch/token.js';
import { timeProblem } from '../launch/token-times.js';
import { verifyWithJose } from '../launch/verify.js';

/** Platform Notification Service 1.0: the platform sends events without a person's browser. https://www.imsglobal.org/spec/lti-pns/v1p0/main */

export const NOTICE = { hello: 'LtiHelloWorldNotice', contextCopy: 'LtiContextCopyNotice' } as const;

const NOTICE_CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/notice';
const ORIGINS_CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/origin_contexts';

const LIMIT = '256kb';
const MAX_AT_ONCE = 50;
const MAX_LIFETIME_MS = 24 * HOUR;

const body = z.object({
  notices: z
    .array(z.object({ jwt: z.string().min(1).max(65_536) }))
    .min(1)
    .max(MAX_AT_ONCE),
});

const identifier = z.string().min(1).max(255);

const envelope = z.object({
  iss: identifier,
  aud: z.union([identifier, z.array(identifier).length(1)]),
  azp: identifier.optional(),
  iat: z.number(),
  nbf: z.number().optional(),
  exp: z.number(),
  [CLAIM.deploymentId]: identifier,
  [CLAIM.version]: z.literal('1.3.0'),
  [NOTICE_CLAIM]: z.object({ id: identifier, type: identifier }),
  [CLAIM.context]: z.object({ id: identifier }).nullish(),
  [ORIGINS_CLAIM]: z.array(identifier).max(50).nullish(),
});

export interface NoticesDeps {
  readonly clock: Clock;
  readonly registrations: Registrations;
  readonly jwks: JwksCache;
  /** Stores a notice of a course copy, to be worked on later. May be called twice with the same one. */
  readonly onContextCopy: (notice: ContextCopyNotice) => Promise<void>;
}

/** At most 256 KiB of JSON (413, 415, 400). */
export function noticesBody(): RequestHandler {
  const json = express.json({ limit: LIMIT, strict: true });
  return (req, res, next) => {
    if (req.method !== 'POST') throw refuse('lti-method', 405);
    if (req.is('application/json') !== 'application/json') throw refuse('lti-content-type', 415);
    json(req, res, (error?: unknown) => {
      const large = (error as { type?: unknown } | undefined)?.type === 'entity.too.large';
      if (error === undefined) next();
      else next(large ? refuse('lti-too-large', 413) : refuse('lti-bad-parameters', 400));
    });
  };
}

/**
 * Receives notices: all of a request or none. They are stored before the answer and processed later. A repeated notice
 * gets the same answer. The answer to a notice without a valid signature does not say why it was refused.
 */
export function noticesGate(deps: NoticesDeps): RequestHandler {
  return async (req, res) => {
    const sent = body.safeParse(req.body);
    if (!sent.success) throw refuse('lti-bad-parameters', 400);
    const notices = await Promise.all(sent.data.notices.map(({ jwt }) => read(deps, jwt)));
    // Other types are acknowledged and dropped.
    for (const { type, ...notice } of notices) {
      if (type === NOTICE.contextCopy && notice.contextId !== '') await deps.onContextCopy(notice);
    }
    res.status(202).end();
  };
}

/** A notice of a course copy. https://www.imsglobal.org/spec/lti/v1p3/course-copy */
export interface ContextCopyNotice {
  readonly registrationId: string;
  readonly deploymentId: string;
  /** The platform's id of the notice. */
  readonly noticeId: string;
  /** The course that is new. */
  readonly contextId: string;
  /** The courses it was copied from. */
  readonly origins: readonly string[];
}

/** A notice whose signature and envelope were checked. */
interface Notice extends ContextCopyNotice {
  readonly type: string;
}

/** Checks what a launch's token is checked for, except the login. @throws DomainError */
async function read(deps: NoticesDeps, jwt: string): Promise<Notice> {
  try {
    return await verified(deps, jwt);
  } catch (error) {
    throw refuse('lti-token-refused', 403, {}, error);
  }
}

async function verified({ clock, registrations, jwks }: NoticesDeps, jwt: string): Promise<Notice> {
  const { header, payload } = decode(jwt);
  const kid = checkHeader(header);
  const claims = envelope.parse(payload);
  const clientId = Array.isArray(claims.aud) ? claims.aud[0] : claims.aud;
  const [registration] = await registrations.activeOf(claims.iss, clientId);
  if (registration === undefined) throw new Error('no such registration');
  if (claims.azp !== undefined && claims.azp !== clientId) throw new Error('azp');
  const now = clock.now().getTime();
  const { iat, exp } = claims;
  if (timeProblem(claims, now) !== null) throw new Error('time');
  if ((exp - iat) * SECOND > MAX_LIFETIME_MS) throw new Error('lifetime');
  const deploymentId = claims[CLAIM.deploymentId];
  if (!registration.deployments.includes(deploymentId)) throw new Error('deployment');
  await verifyWithJose(jwt, await jwks.keyFor(registration.jwksUrl, kid), registration, clock.now());
  return {
    registrationId: registration.id,
    deploymentId,
    noticeId: claims[NOTICE_CLAIM].id,
    type: claims[NOTICE_CLAIM].type,
    contextId: claims[CLAIM.context]?.id ?? '',
    origins: claims[ORIGINS_CLAIM] ?? [],
  };
}
