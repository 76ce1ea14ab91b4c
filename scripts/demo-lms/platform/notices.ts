import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { Lms } from '../lms.js';
import type { Course, Tool } from '../model.js';
import { signIdToken } from './auth.js';
import { CLAIM } from './claims.js';
import type { Reply } from './reply.js';
import { SCOPE } from './scopes.js';
import { bodyOf, requireGrant, requireTool, ServiceRefusal } from './service-request.js';

/** Platform Notification Service 1.0. The recorded platform has none; this one follows the specification. */

export const NOTICE_TYPES: readonly string[] = ['LtiHelloWorldNotice', 'LtiContextCopyNotice'];

const json = (body: unknown): Reply => ({
  status: 200,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

/** GET: which handlers the tool has. */
export function getHandlers(lms: Lms, req: Request, typeId: string): Reply {
  const tool = requireTool(lms, requireGrant(lms, req, [SCOPE.noticeHandlers]), typeId);
  return json({
    client_id: tool.clientId,
    deployment_id: tool.deploymentId,
    notice_handlers: Object.entries(tool.noticeHandlers ?? {}).map(([notice_type, handler]) => ({
      notice_type,
      handler,
    })),
  });
}

/** PUT: the tool names its address for one type; '' takes it back. */
export function putHandler(lms: Lms, req: Request, typeId: string): Reply {
  const tool = requireTool(lms, requireGrant(lms, req, [SCOPE.noticeHandlers]), typeId);
  let sent: { notice_type?: unknown; handler?: unknown };
  try {
    sent = JSON.parse(bodyOf(req)) as typeof sent;
  } catch {
    throw new ServiceRefusal(400, 'Not JSON');
  }
  const { notice_type: type, handler } = sent;
  if (typeof type !== 'string' || typeof handler !== 'string' || !NOTICE_TYPES.includes(type)) {
    throw new ServiceRefusal(400, 'notice_type and handler are needed');
  }
  if (handler !== '' && !URL.canParse(handler)) throw new ServiceRefusal(400, 'handler is no address');
  tool.noticeHandlers = { ...tool.noticeHandlers, [type]: handler };
  lms.state.commit();
  return json({ notice_type: type, handler });
}

/** The claims of a notice, without what its type adds. */
export function noticeClaims(lms: Lms, tool: Tool, type: string): Record<string, unknown> {
  const now = Math.floor(lms.clock.now().getTime() / 1000);
  return {
    iss: lms.origin(),
    aud: tool.clientId,
    iat: now,
    exp: now + 3600,
    nonce: randomUUID(),
    [`${CLAIM}/version`]: '1.3.0',
    [`${CLAIM}/deployment_id`]: tool.deploymentId,
    [`${CLAIM}/notice`]: { id: randomUUID(), timestamp: lms.clock.now().toISOString(), type },
  };
}

export const copyClaims = (course: Course): Record<string, unknown> => ({
  [`${CLAIM}/context`]: { id: course.id, label: course.label, title: course.title },
  [`${CLAIM}/origin_contexts`]: course.history.slice(0, 1),
});

/** Sends notices to the tool's handler of this type. @returns its answer's status, or null when it has none */
export async function sendNotices(
  lms: Lms,
  tool: Tool,
  type: string,
  claims: readonly object[],
): Promise<number | null> {
  const handler = tool.noticeHandlers?.[type] ?? '';
  if (handler === '') return null;
  const notices = await Promise.all(claims.map(async (claim) => ({ jwt: await signIdToken(lms, claim) })));
  const response = await fetch(handler, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ notices }),
  });
  return response.status;
}
