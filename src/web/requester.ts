import type { Request } from 'express';
import { DomainError } from '../shared/errors.js';
import { personAsking, type Requester } from '../shared/requester.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** Set behind the sign-ins of `/staff` and `/admin`. */
      requester?: Requester;
    }
  }
}

/** Who asks, on a request behind a sign-in. @throws DomainError `session-needed` (401) */
export function requesterOf(req: Request): Requester {
  if (req.actor !== undefined) return personAsking(req.actor);
  if (req.requester === undefined) throw new DomainError('session-needed', 401);
  return req.requester;
}

const HOMES = { staff: '/staff', admin: '/admin' } as const;

/** Where the requester's pages begin: `/c/<course key>`, `/staff` or `/admin`. */
export const homeOf = ({ kind, actor }: Requester): string =>
  kind === 'person' ? `/c/${actor?.courseKey ?? ''}` : HOMES[kind];
