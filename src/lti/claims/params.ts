import express, { type Request, type RequestHandler } from 'express';
import { refuse } from '../launch/refusal.js';

/** LTI messages are form posts; anything above this is not one. */
const LIMIT = '256kb';

const parser = express.urlencoded({ extended: false, limit: LIMIT, parameterLimit: 200 });

/**
 * Reads an LTI message's body: form-encoded only (415), at most 256 KiB (413).
 */
export function formBody(): RequestHandler {
  return (req, res, next) => {
    if (req.method !== 'POST') {
      next();
      return;
    }
    if (
      req.is('application/x-www-form-urlencoded') === false ||
      req.is('application/x-www-form-urlencoded') === null
    ) {
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
 * The message's parameters as single strings. A doubled one is refused: two readers could each believe another
 * of the two. Names with brackets are plain names here and so never become objects.
 * @throws DomainError `lti-doubled-parameter` (400) naming it
 */
export function singleParams(req: Request): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  const add = (name: string, value: unknown): void => {
    if (typeof value !== 'string' || params.has(name))
      throw refuse('lti-doubled-parameter', 400, { parameter: name });
    params.set(name, value);
  };
  for (const [name, value] of new URL(req.originalUrl, 'http://here').searchParams) add(name, value);
  const body = (req.body ?? {}) as Record<string, unknown>;
  for (const [name, value] of Object.entries(body)) add(name, value);
  return params;
}
