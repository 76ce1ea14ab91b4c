import type { Request, RequestHandler } from 'express';
import { DomainError, forbidden } from '../../shared/errors.js';
import type { AdministratorOf } from '../../web/admin-sections.js';
import { mayManage, readerOf, type CardActor, type Reader } from './directory.policy.js';

/* Who a request of the directory comes from: a person of a course, an administrator at /admin, or the open web. */

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** An administrator of the tool, who acts on all cards; set on pages under `/admin`. */
      cardAdministrator?: CardActor;
    }
  }
}

/** Lets an administrator of the tool act on all cards. */
export const asAdministrator =
  (administratorOf: AdministratorOf): RequestHandler =>
  (req, _res, next) => {
    const { kind, id, name } = administratorOf(req);
    req.cardAdministrator = {
      personId: `${kind}:${id}`,
      role: 'administrator',
      centreRole: 'administrator',
      name: { surname: name, givenName: '', patronymic: '' },
    };
    next();
  };

/** Undefined on the open web. */
export const optionalActor = (req: Request): CardActor | undefined => req.actor ?? req.cardAdministrator;

export function cardActorOf(req: Request): CardActor {
  const actor = optionalActor(req);
  if (actor === undefined) throw new DomainError('session-needed', 401);
  return actor;
}

export const readerOfRequest = (req: Request): Reader => readerOf(optionalActor(req));

/** @throws DomainError `forbidden` (403) for those who may not manage all cards */
export const requireManager: RequestHandler = (req, _res, next) => {
  if (!mayManage(cardActorOf(req))) throw forbidden();
  next();
};
