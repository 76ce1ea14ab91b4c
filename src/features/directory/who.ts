import type { Request, RequestHandler } from 'express';
import type { PersonName } from '../../shared/names.js';
import { DomainError, forbidden } from '../../shared/errors.js';
import type { AdministratorOf } from '../../web/admin-sections.js';
import { mayManage, readerOf, type CardActor, type Reader } from './directory.policy.js';

/* Who a request of the directory comes from: a course, /admin, /staff, or the open web. */

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** An administrator of the tool, or a responsible person; set on pages under `/admin` and `/staff`. */
      cardActor?: CardActor;
    }
  }
}

/** Lets an administrator of the tool act on all cards. */
export const asAdministrator =
  (administratorOf: AdministratorOf): RequestHandler =>
  (req, _res, next) => {
    const { kind, id, name } = administratorOf(req);
    req.cardActor = {
      personId: `${kind}:${id}`,
      role: 'administrator',
      centreRole: 'administrator',
      name: { surname: name, givenName: '', patronymic: '' },
    };
    next();
  };

/**
 * Lets a responsible person act on what they answer for, outside all courses.
 * @param holderOf the card of the person who has signed in; null when it is gone
 */
export const asHolder =
  (
    holderOf: (req: Request) => Promise<{
      readonly cardId: string;
      readonly personIds: readonly string[];
      readonly name: PersonName;
    } | null>,
  ): RequestHandler =>
  async (req, _res, next) => {
    const holder = await holderOf(req);
    if (holder === null) throw forbidden();
    const { cardId, personIds, name } = holder;
    req.cardActor = { personId: personIds[0] ?? `card:${cardId}`, cardId, role: 'teacher', name };
    next();
  };

/** Undefined on the open web. */
export const optionalActor = (req: Request): CardActor | undefined => req.actor ?? req.cardActor;

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
