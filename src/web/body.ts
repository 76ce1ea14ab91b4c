import express, { type RequestHandler } from 'express';
import { DomainError } from '../shared/errors.js';

const LIMIT = '256kb';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const MULTIPART = 'multipart/form-data';

/**
 * Form posts and JSON, outside `/lti`. A form with files is left to the pages of courses and of the administration,
 * which read it once they know who sends it. Nested names (`a[b]`) stay plain names: no objects from a query string.
 * @throws DomainError `wrong-content-type` (415)
 */
export function bodies(): RequestHandler {
  const form = express.urlencoded({ extended: false, limit: LIMIT, parameterLimit: 2_000 });
  const json = express.json({ limit: LIMIT, strict: true });
  return (req, res, next) => {
    if (req.headers['transfer-encoding'] === undefined && Number(req.headers['content-length'] ?? 0) === 0) {
      next();
      return;
    }
    const type = req.is([FORM, JSON_TYPE, MULTIPART]);
    if (type === FORM) form(req, res, next);
    else if (type === JSON_TYPE) json(req, res, next);
    else if (type === MULTIPART && /^\/(?:c|admin)\//.test(`${req.baseUrl}${req.path}`)) next();
    else throw new DomainError('wrong-content-type', 415);
  };
}
