import { DEFAULTS } from './defaults.js';
import type { Platform } from './platform.js';

/** https://developerdocs.instructure.com/services/canvas/external-tools/lti */
export const canvas: Platform = {
  ...DEFAULTS,
  name: 'canvas',
  // One issuer serves all institutions that Instructure hosts, and most that host Canvas themselves.
  recognises: ({ product, issuer, authUrl }) =>
    product.toLowerCase() === 'canvas' ||
    /^https:\/\/canvas(\.beta|\.test)?\.instructure\.com$/.test(issuer) ||
    authUrl.endsWith('/api/lti/authorize_redirect'),
  // https://developerdocs.instructure.com/services/canvas/basics/file.throttling
  isPassing: ({ status, body }) => status === 403 && /rate limit exceeded/i.test(body),
  refusesPerson: ({ status, body }) => status === 422 && /user not found in course/i.test(body),
  groupVariables: ['Canvas.group.contextIds'],
};
