import type { Request } from 'express';
import type { Lms } from '../lms.js';
import type { Tool } from '../model.js';
import type { Oddities } from '../oddities.js';
import type { Grant } from '../sessions.js';
import type { Reply } from './reply.js';
import { PATHS } from './urls.js';

/** A service refuses: thrown by the checks below, turned into the platform's error document. */
export class ServiceRefusal extends Error {
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super(reason);
  }
}

const header = (req: Request, name: string): string => req.get(name) ?? '';

export const queryOf = (req: Request, name: string): string | undefined => {
  const value = req.query[name];
  return typeof value === 'string' ? value : undefined;
};

/** The body as it was sent; empty when there was none. */
export const bodyOf = (req: Request): string => (typeof req.body === 'string' ? req.body : '');

/** The error document, spaced as recorded. The same words stand in the status line. */
export function refusalReply(req: Request, status: number, reason: string): Reply {
  const document = {
    status,
    reason,
    request: {
      method: req.method,
      url: req.originalUrl,
      accept: header(req, 'accept'),
      contentType: header(req, 'content-type'),
    },
  };
  return {
    status,
    reason: reason.trimEnd(),
    type: 'application/json; charset=utf-8',
    body: JSON.stringify(document, null, 4),
  };
}

const acceptsAnything = (req: Request): boolean => {
  const accept = header(req, 'accept');
  return accept === '' || accept.includes('*/*');
};

export function noHandler(req: Request): ServiceRefusal {
  const path = `${req.baseUrl}${req.path}`.slice(PATHS.services.length);
  const accept = acceptsAnything(req) ? '' : header(req, 'accept');
  return new ServiceRefusal(400, `No handler found for ${path} ${accept} ${header(req, 'content-type')}`);
}

/** For reading: the one type, or anything at all; a list of types is not understood. */
export function requireAccept(req: Request, type: string): void {
  if (!acceptsAnything(req) && header(req, 'accept') !== type) throw noHandler(req);
}

/** For reading line items, where "anything" is not understood either. */
export function requireExactAccept(req: Request, type: string): void {
  if (acceptsAnything(req)) throw new ServiceRefusal(400, 'No context or unsupported content type');
  requireAccept(req, type);
}

/** For writing: the one type; a charset may follow. */
export function requireContentType(req: Request, type: string): void {
  if (header(req, 'content-type').split(';')[0]?.trim() !== type) throw noHandler(req);
}

/**
 * The bearer must hold one of the scopes.
 * @throws ServiceRefusal 401, for a missing, unknown or expired token and for a missing scope alike
 */
export function requireGrant(lms: Lms, req: Request, scopes: readonly string[]): Grant {
  const token = /^Bearer (\S+)$/.exec(header(req, 'authorization'))?.[1] ?? '';
  const grant = lms.tokens.grant(token);
  if (grant === undefined || !scopes.some((scope) => grant.scopes.includes(scope))) {
    throw new ServiceRefusal(401, 'Unauthorized');
  }
  return grant;
}

export function requireCourse(lms: Lms, courseId: string): void {
  if (lms.state.course(courseId) === undefined) {
    throw new ServiceRefusal(404, `Not Found: Course ${courseId} doesn't exist`);
  }
}

/**
 * The tool a URL speaks of. Without a type id it is the client's first.
 * @throws ServiceRefusal 401 when it belongs to another client
 */
export function requireTool(lms: Lms, grant: Grant, typeId: string | undefined): Tool {
  const own = lms.state.toolsOfClient(grant.clientId);
  const tool = typeId === undefined ? own[0] : own.find((candidate) => candidate.id === typeId);
  if (tool === undefined) throw new ServiceRefusal(401, 'Unauthorized');
  return tool;
}

/** Runs a service, turning refusals into documents. */
export async function refusing(req: Request, work: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceRefusal) return refusalReply(req, error.status, error.message);
    throw error;
  }
}

/** A page out of a list. Without a limit, all of it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly from: number;
  readonly limit: number;
  readonly total: number;
}

const whole = (text: string | undefined): number => {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : 0;
};

const SMALL_PAGE = 10;

export function pageOf<T>({ oddities }: Lms, req: Request, all: readonly T[]): Page<T> {
  const limit = whole(queryOf(req, 'limit')) || (oddities.has('small-pages') ? SMALL_PAGE : 0);
  const from = whole(queryOf(req, 'from'));
  return { items: limit === 0 ? all : all.slice(from, from + limit), from, limit, total: all.length };
}

/**
 * The Link header of line items and results, with its typographic quotes, its `&amp;` and its own idea of
 * the last page.
 * @param query what stands before limit and from, in this order
 */
export function typographicLinks(
  url: string,
  query: readonly (readonly [name: string, value: string])[],
  { from, limit, total }: Page<unknown>,
  oddities: Oddities,
): Record<string, string> {
  if (limit === 0) return {};
  const link = (relation: string, at: number): string => {
    const all = [...query, ['limit', String(limit)] as const, ['from', String(at)] as const];
    const text = all.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&amp;');
    return `<${url}?${text}>; rel=“${relation}”`;
  };
  return {
    link: [
      link('first', 0),
      ...(from > 0 ? [link('prev', Math.max(from - limit, 0))] : []),
      link('canonical', from),
      ...(from + limit < total
        ? [link(oddities.has('joined-relations') ? 'prev next' : 'next', from + limit)]
        : []),
      link('last', Math.max(total - limit + 1, 0)),
    ].join(', '),
  };
}
