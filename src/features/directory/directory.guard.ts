import type { RequestHandler } from 'express';
import { forbidden } from '../../shared/errors.js';
import { actorOf } from '../../web/actor.js';
import { mayManage } from './directory.policy.js';

/** @throws DomainError `forbidden` (403) for people who do not manage the centre's directory */
export const requireManager: RequestHandler = (req, _res, next) => {
  if (!mayManage(actorOf(req))) throw forbidden();
  next();
};
