import express, { type Request, type RequestHandler } from 'express';
import { refuse } from '../launch/refusal.js';

/** A link's description alone may have 200 KB, and a token is a third longer than its claims. */
const LIMITS = { login: '256kb', launch: '1mb' } as const;

/**
 * Parses the form of an LTI message. Answers 415 for any other type and 413 above 256 KiB for a login, 1 MiB for a
 * launch.
 */
export function formBody(message: keyof typeof LIMITS): RequestHandler {
  const parser = express.urlencoded({ extended: false, limit: LIMITS[message], parameterLimit: 200 });
  return (req, res, next) => {
    if (req.method !== 'POST') {
      next();
      return;
    }
    const form = req.is('application/x-www-form-urlencoded');
    if (form === false || form === null) {
      next(refuse('lti-content-type', 415, { 'content-type': req.get('content-type') ?? '' }));
      return;
    }
    parser(req, res, (error?: unknown) => {
      if (error === undefined) next();
      else next(bodyError(error));
    });
  };
}

function bodyError(error: unknown): unknown {
  const type = (error as { type?: unknown }).type;
  if (type === 'entity.too.large' || type === 'parameters.too.many') return refuse('lti-too-large', 413);
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return refuse('lti-content-type', 415);
  return refuse('lti-bad-parameters', 400, {}, error);
}

/**
 * Returns the message's parameters, each with one value. Refuses a parameter sent twice, because two parsers could
 * each use another of its values. Names with brackets do not become objects.
 * @throws DomainError `lti-doubled-parameter` (400) naming it
 */
export function singleParams(req: Request): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'string' || params.has(name))
      throw refuse('lti-doubled-parameter', 400, { parameter: name });
    params.set(name, value);
  };
  const query = /\?([^#]+)/.exec(req.originalUrl)?.[1];
  if (query !== undefined) for (const [name, value] of new URLSearchParams(query)) add(name, value);
  const body = (req.body ?? {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries(body)) add(name, value);
  return params;
}
