import type { Lms } from '../lms.js';
import { problem, toInput, toolDocument, updateTool } from './registration.js';
import { clientOf } from './registration-token.js';
import type { Reply } from './reply.js';
import { parseJson, record } from './sent.js';

/**
 * A tool's own registration, read and changed by the tool (RFC 7592; OpenID Connect Dynamic Client Registration 1.0,
 * section 4). The recorded platform has no such thing.
 */

const answer = (status: number, body: object): Reply => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

export function registrationClientReply(
  lms: Lms,
  { method, clientId, authorization, body }: Record<'method' | 'clientId' | 'authorization' | 'body', string>,
): Reply {
  const [tool] = lms.state.toolsOfClient(clientId);
  const token = /^Bearer (\S+)$/.exec(authorization)?.[1];
  if (
    !lms.managesRegistrations ||
    tool === undefined ||
    token !== tool.registrationToken ||
    token === undefined
  ) {
    return answer(401, { error: 'invalid_token', error_description: 'The registration token is not valid' });
  }
  if (method === 'GET') return answer(200, toolDocument(tool));
  if (method !== 'PUT') return answer(405, { error: 'invalid_request' });
  const sent = record(parseJson(body));
  if (sent.client_id !== clientId) {
    return answer(400, { error: 'invalid_client_metadata', error_description: 'client_id differs' });
  }
  const wrong = problem(sent);
  if (wrong !== null) return answer(400, { error: 'invalid_client_metadata', error_description: wrong });
  updateTool(lms, tool, toInput(sent, clientId));
  return answer(200, { ...toolDocument(tool), ...clientOf(lms, tool) });
}
