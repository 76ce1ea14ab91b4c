import type { English } from '../english.js';
import type { launches as ru } from '../ru/admin-launches.js';

export const launches: English<typeof ru> = {
  title: 'Launches',
  one: 'Launch',
  text: 'The last thousand launches. Personal data is hidden: a person stands as a mark, the same in all their launches.',
  none: 'No launches yet.',
  platform: 'Platform',
  anyPlatform: 'any',
  result: 'Outcome',
  any: 'any',
  accepted: 'accepted',
  refused: 'refused',
  request: 'Request number',
  stage: { login: 'beginning of a login', launch: 'launch' },
  unknownPlatform: 'platform not made out',
  failed: 'What is wrong',
  todo: 'What to do',
  received: 'What arrived',
  facts: 'Circumstances',
  at: 'When',
  code: 'Code of the refusal',
  reason: 'Reason',
  tookMs: 'Took, ms',
  message: 'Message',
  deployment: 'Deployment',
  services: 'Services offered',
  noServices: 'none',
  signature: 'The platform’s signature',
  signatureHolds: 'holds',
  signatureUnseen: 'not checked, or wrong',
  loginIn: 'Where the browser kept the login',
  storage: {
    cookie: 'a cookie',
    platform: 'the platform’s storage (postMessage)',
    lost: 'nowhere: the cookie did not come',
    unknown: 'unknown',
  },
  took: 'The answer took',
  milliseconds: '{{ms}} ms',
  claims: 'Claims',
  claimsText: 'What could tell of a person is replaced by •••.',
  claimsUnverified: 'The signature was not checked: these claims cannot be believed.',
  noClaims: 'It did not come as far as a token.',
  advice: {
    register:
      'If the platform is yours, connect it on the page “Platforms”, or enable it if it is disabled. Compare issuer and client_id with what arrived.',
    deployment:
      'If the deployment is yours, approve it on the platform’s page, where it waits. New deployments can be let in at once by a setting there.',
    address: 'Correct the addresses in the tool’s settings in the LMS: they stand on the page “Platforms”.',
    cookies:
      'The browser kept no cookie. Let the person open the activity in a new window; if many meet this, let the LMS open it in a new window.',
    again:
      'Usually a reloaded page, the Back button, or a long wait. Let the person open the activity from the course again. If everybody meets this, check the servers’ clocks.',
    keys: 'Test the connection on the platform’s page: its keys must be within reach of this server. If the keys have just been changed, wait a minute.',
    clock:
      'Compare the clocks of this server and the platform’s: the connection test shows how far they are apart.',
    token:
      'The platform sent what cannot be believed. If it happens again, show this page to the platform’s administrator; it may also be an attempt at forgery.',
    platform: 'The LMS itself refused. Its words stand above; look for the cause in its log.',
    person: 'The person lacks the role for this in the course. Roles are given by the LMS.',
    ours: 'This is a fault of Nastavnik. Look in the server’s log for the line with this request number.',
  },
};
