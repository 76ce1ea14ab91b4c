import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { hasText } from '../i18n/index.js';
import { DomainError, type ErrorDetails } from '../shared/errors.js';
import type { PageContext } from './context.js';
import { fieldErrors, sentFields, type FormAgain } from './form.js';
import { present, wantsJson } from './present.js';

/** Anything no route answered. */
export function noSuchPage(): RequestHandler {
  return () => {
    throw new DomainError('no-such-page', 404);
  };
}

/**
 * Lets a course's LMS frame pages of errors under `/c/<course key>`, which appear in its frame: also the refusal of a
 * visitor without a session, and what is refused before the session is known.
 * @param originsOf returns who may frame a course's pages; none of an unknown course
 */
export function framedErrors(
  originsOf: (courseKey: string) => Promise<readonly string[]>,
): ErrorRequestHandler {
  return async (error, req, _res, next) => {
    const key = /^\/c\/([a-z0-9]{1,40})(?:\/|$)/.exec(req.path)?.[1];
    if (key !== undefined && req.page.frameOrigins.length === 0) {
      // The error itself is worth more than its frame.
      req.page.frameOrigins = await originsOf(key).catch(() => []);
    }
    next(error);
  };
}

/**
 * Shows every error, once: a page in words, or problem+json (RFC 9457). Never a stack trace.
 * @param known returns the problem behind an error that is not a request's fault; null of others
 */
export function errorHandler(
  log: Logger,
  known: (error: unknown) => DomainError | null,
): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const problem = (error instanceof DomainError ? null : known(error)) ?? toDomainError(error);
    if (problem.status >= 500) {
      log.error({ id: req.page.id, method: req.method, path: req.path, err: error }, 'request failed');
    }
    if (res.headersSent) {
      next(error);
      return;
    }
    if (problem.details.retryAfter !== undefined)
      res.setHeader('Retry-After', String(problem.details.retryAfter));
    if (wantsJson(req)) sendProblem(req, res, problem);
    else showProblem(req, res, problem);
  };
}

/** Errors of Express and its parsers carry a status and a type; everything else is a fault of ours. */
function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const known = error as { status?: unknown; type?: unknown } | null;
  if (known?.type === 'entity.too.large') return new DomainError('too-large', 413);
  if (known?.type === 'parameters.too.many') return new DomainError('too-large', 413);
  if (known?.type === 'encoding.unsupported' || known?.type === 'charset.unsupported') {
    return new DomainError('wrong-content-type', 415);
  }
  if (typeof known?.status === 'number' && known.status >= 400 && known.status < 500) {
    return new DomainError('bad-request', known.status, {}, { cause: error });
  }
  return new DomainError('internal', 500, {}, { cause: error });
}

/** What a code of an error says to people. */
export function errorWords(
  { t, locale }: Pick<PageContext, 't' | 'locale'>,
  code: string,
  params: ErrorDetails['params'] = {},
): { title: string; text: string } {
  const key = hasText(locale, `errors.${code}.title`) ? code : 'bad-request';
  return { title: t(`errors.${key}.title`, params), text: t(`errors.${key}.text`, params) };
}

const words = (req: Request, { code, details }: DomainError) => errorWords(req.page, code, details.params);

const fieldTexts = (req: Request, { details }: DomainError): FormAgain['errors'] =>
  fieldErrors(req, details.fields ?? {});

function sendProblem(req: Request, res: Response, problem: DomainError): void {
  const { title, text } = words(req, problem);
  const fields = fieldTexts(req, problem);
  res
    .status(problem.status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:nastavnik:problem:${problem.code}`,
        title,
        status: problem.status,
        detail: text,
        code: problem.code,
        requestId: req.page.id,
        ...(Object.keys(fields).length > 0 && { fields }),
        ...(problem.details.received && { received: problem.details.received }),
      }),
    );
}

function showProblem(req: Request, res: Response, problem: DomainError): void {
  const { title, text } = words(req, problem);
  present(req, res, {
    view: 'errors/problem',
    title,
    status: problem.status,
    data: {
      code: problem.code,
      status: problem.status,
      text,
      fields: fieldTexts(req, problem),
      received: problem.details.received ?? {},
      requestId: req.page.id,
    },
    locals: { resend: resendOf(req, problem) },
  });
}

/** A form of a course that a passing fault of ours has stopped, to be sent once more; null for anything else. */
function resendOf(req: Request, { status }: DomainError) {
  const isForm = req.method === 'POST' && req.is('application/x-www-form-urlencoded') !== false;
  if (status !== 503 || !isForm || req.actor === undefined) return null;
  const fields = Object.entries(sentFields(req.body)).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value })),
  );
  return { action: req.originalUrl, fields };
}
