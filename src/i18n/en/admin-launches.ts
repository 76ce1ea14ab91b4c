import type { English } from '../english.js';
import type { launches as ru } from '../ru/admin-launches.js';

export const launches: English<typeof ru> = {
  title: 'Launches',
  heading: 'Launch',
  text: 'The last thousand launches. Personal data is hidden: a person is shown as a mark, the same in all their launches.',
  none: 'No launches yet.',
  platform: 'Platform',
  anyPlatform: 'any',
  result: 'Result',
  any: 'any',
  accepted: 'accepted',
  refused: 'refused',
  request: 'Request number',
  stage: { login: 'login started', launch: 'launch' },
  unknownPlatform: 'unknown platform',
  failed: 'What is wrong',
  todo: 'What to do',
  received: 'What was received',
  facts: 'Details',
  at: 'When',
  code: 'Refusal code',
  reason: 'Reason',
  tookMs: 'Response time, ms',
  message: 'Message',
  deployment: 'Deployment',
  services: 'Services offered',
  noServices: 'none',
  signature: 'The platform’s signature',
  signatureHolds: 'valid',
  signatureUnseen: 'not checked, or invalid',
  loginIn: 'Where the browser kept the login data',
  storage: {
    cookie: 'a cookie',
    platform: 'the platform’s storage (postMessage)',
    lost: 'nowhere: no cookie was received',
    unknown: 'unknown',
  },
  took: 'Response time',
  milliseconds: '{{ms}} ms',
  claims: 'Claims',
  unreadable: 'Optional claims that could not be read',
  unreadableText:
    'The launch does not need them: they count as absent. The LMS’s developers will want to know.',
  claimsText: 'Anything that could identify a person is replaced by •••.',
  claimsUnverified: 'The signature was not checked: these claims cannot be trusted.',
  noClaims: 'No token was received.',
  advice: {
    register:
      'If the platform is yours, connect it on the page “Platforms”, or enable it if it is disabled. Compare issuer and client_id with what was received.',
    approve: 'Open the page of this platform: it can be approved or enabled again there.',
    deployment:
      'If the deployment is yours, approve it on the platform’s page, where it is waiting. A setting there accepts new deployments at once.',
    address:
      'Correct the addresses in the tool’s settings in the LMS: they are listed on the page “Platforms”.',
    cookies:
      'The browser kept no cookie. Let the person open the activity in a new window; if it happens to many, set the LMS to open it in a new window.',
    again:
      'Usually a reloaded page, the Back button, or a long wait. Let the person open the activity from the course again. If it happens to everyone, check the servers’ clocks.',
    keys: 'Test the connection on the platform’s page: its keys must be reachable from this server. If the keys have just been changed, wait a minute.',
    clock:
      'Compare the clocks of this server and the platform’s: the connection test shows how far they are apart.',
    token:
      'The platform sent something that cannot be trusted. If it happens again, show this page to the platform’s administrator; it may also be an attempt at forgery.',
    platform: 'The LMS itself refused. Its answer is shown above; look for the cause in its log.',
    person: 'The person lacks the role for this in the course. Roles are given by the LMS.',
    ours: 'This is an error in Nastavnik. Look in the server’s log for the line with this request number.',
  },
};
