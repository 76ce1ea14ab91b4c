import express, { type RequestHandler } from 'express';
import { DomainError } from '../shared/errors.js';

const LIMIT = '256kb';

/** Form posts and JSON, outside `/lti`. Nested names (`a[b]`) stay plain names: no objects from a query string. */
export function bodies(): RequestHandler[] {
  return [
    (req, _res, next) => {
      const hasBody =
        req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
      if (hasBody && req.is(['application/x-www-form-urlencoded', 'application/json']) === false) {
        throw new DomainError('wrong-content-type', 415);
      }
      next();
    },
    express.urlencoded({ extended: false, limit: LIMIT, parameterLimit: 2_000 }),
    express.json({ limit: LIMIT, strict: true }),
  ];
}
