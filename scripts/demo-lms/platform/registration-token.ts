import { randomBytes } from 'node:crypto';
import type { Lms } from '../lms.js';
import type { Tool } from '../model.js';
import { PATHS } from './urls.js';

/** What a registration's answer says of it; a new token at each writing, and the one before ends. */
export function clientOf(lms: Lms, tool: Tool): Record<string, string> {
  if (!lms.managesRegistrations) return {};
  tool.registrationToken = randomBytes(24).toString('base64url');
  lms.state.commit();
  return {
    registration_client_uri: `${lms.origin()}${PATHS.registrationClient}/${tool.clientId}`,
    registration_access_token: tool.registrationToken,
  };
}
