import type { English } from '../english.js';
import type { ltiErrors as ru } from '../ru/errors-lti.js';

export const ltiErrors: English<typeof ru> = {
  'lti-method': {
    title: 'This address cannot be opened directly',
    text: 'Open the activity from the course.',
  },
  'lti-no-such-address': {
    title: 'No such LTI address',
    text: "Check the tool's addresses in the LMS: /lti/login, /lti/launch, /lti/keys.",
  },
  'lti-content-type': {
    title: 'Unsuitable message format',
    text: 'LTI messages are taken as forms (application/x-www-form-urlencoded).',
  },
  'lti-too-large': { title: 'The message is too large', text: 'The LTI message is larger than 256 KiB.' },
  'lti-bad-parameters': {
    title: 'The parameters cannot be read',
    text: 'Open the activity from the course again.',
  },
  'lti-doubled-parameter': {
    title: 'A parameter is repeated',
    text: 'One parameter came twice; such a message cannot be trusted.',
  },
  'lti-missing-parameter': {
    title: 'A parameter is missing',
    text: 'The LMS did not send a required parameter. Check the settings of the tool there.',
  },
  'lti-unknown-platform': {
    title: 'This LMS is not registered',
    text: 'For the administrator of Nastavnik: register a platform with these values (npm run platform -- add).',
  },
  'lti-platform-pending': {
    title: 'This LMS waits for approval',
    text: 'It is registered here, and an administrator of Nastavnik has to approve it: Administration, Platforms.',
  },
  'lti-platform-disabled': {
    title: 'This LMS is disabled',
    text: 'An administrator of Nastavnik can enable it again: Administration, Platforms.',
  },
  'lti-which-client': {
    title: 'Which registration is meant?',
    text: 'This issuer has several registrations and no client_id was sent. Let the LMS send it.',
  },
  'lti-unknown-deployment': {
    title: 'This deployment is not registered',
    text: 'The platform is known, but the deployment is new. For the administrator: add it to the registration.',
  },
  'lti-target': {
    title: 'The link leads elsewhere',
    text: 'The address of the link (target_link_uri) is not ours. Correct the tool URL in the activity.',
  },
  'lti-platform-error': {
    title: 'The LMS refused',
    text: 'It sent an error instead of a launch. Go back to the course and open the activity again.',
  },
  'lti-state-cookie': {
    title: 'The browser did not keep the login',
    text: 'The browser did not send the cookie of this login: it began in another window, or cookies are blocked. Open the activity from the course again, best in a new window.',
  },
  'lti-state': {
    title: 'This login has been used',
    text: 'A login works once and not for long. Open the activity from the course again.',
  },
  'lti-not-a-token': {
    title: 'This is not a token',
    text: 'Something else came in place of a signed token.',
  },
  'lti-algorithm': { title: 'Unsuitable signature', text: 'The token must be signed with RS256.' },
  'lti-header': {
    title: 'Unsuitable token header',
    text: "The token's header holds something that we do not understand or cannot trust.",
  },
  'lti-unknown-key': {
    title: 'The signing key is unknown',
    text: 'The LMS does not publish such a key. If its keys were changed, wait a minute.',
  },
  'lti-keys-unreachable': {
    title: 'The keys of the LMS are unreachable',
    text: 'Its public keys could not be fetched. For the administrator: check the keyset address and the network.',
  },
  'lti-token-refused': {
    title: 'The token was not accepted',
    text: 'Its signature or its content did not pass the checks.',
  },
  'lti-claim': {
    title: 'An error in the token',
    text: 'A required claim is missing or of the wrong kind. Tell the administrator of the LMS.',
  },
  'lti-issuer': {
    title: 'Another issuer',
    text: 'The token comes from another system than the login began with.',
  },
  'lti-audience': {
    title: 'The token is not for us',
    text: 'The token was issued to another tool, or not to us alone.',
  },
  'lti-nonce': { title: 'A token from another login', text: 'Open the activity from the course again.' },
  'lti-expired': {
    title: 'The login is out of date',
    text: 'The token was issued too long ago. Open the activity again; if it repeats, check the servers’ clocks.',
  },
  'lti-future': {
    title: 'The clocks disagree',
    text: 'The token comes from the future: the clock of the LMS is more than a minute fast.',
  },
  'lti-lifetime': { title: 'The token lives too long', text: 'A token cannot live longer than a day.' },
  'handover-over': {
    title: 'The window was opened too late',
    text: 'The button opens a window once, and within five minutes. Open the activity from the course again.',
  },
  'deep-linking-role': {
    title: 'Only teachers can choose',
    text: 'Teachers and administrators can add activities to the course.',
  },
  'deep-linking-over': {
    title: 'The choice is over',
    text: 'The LMS no longer waits for this choice. Go back to the course and start again.',
  },
  'deep-linking-types': {
    title: 'Links are not accepted',
    text: 'This place of the course does not accept links to activities.',
  },
  'copy-waits': {
    title: 'This link is not ready yet',
    text: 'It came from another course. Let a teacher of both courses or an administrator open it and confirm the copy once for the whole course.',
  },
  'copy-not-yours': {
    title: 'You cannot copy this',
    text: 'A person who teaches in both courses now, or an administrator, can confirm the copy.',
  },
  'copy-done': {
    title: 'Nothing to copy',
    text: 'The link already leads to this course, or the test no longer exists.',
  },
  'registration-not-found': {
    title: 'No such registration',
    text: 'Check the issuer and the client_id.',
  },
  'registration-ambiguous': { title: 'There are several registrations', text: 'Say which client_id.' },
  'registration-link': {
    title: 'This registration link is not valid',
    text: 'It works for a day, and once. Ask an administrator of Nastavnik for a new one.',
  },
  'registration-exists': {
    title: 'This platform is connected already',
    text: 'To connect it again, an administrator of Nastavnik creates a link for its address.',
  },
  'registration-client-taken': {
    title: 'This client_id is taken',
    text: 'The platform gave a client_id that belongs to another connection of Nastavnik. Nothing was changed.',
  },
  'lti-registration-other-issuer': {
    title: 'This is another LMS',
    text: 'The link was made to renew one platform, and another has opened it. Nothing was changed. To connect this one, an ordinary link is needed.',
  },
  'lti-registration-unmanaged': {
    title: 'This platform does not let its registration be read and changed',
    text: 'Renew the connection by a link.',
  },
  'lti-registration-platform': {
    title: 'The platform answered wrongly',
    text: 'Its description (openid-configuration) could not be read or is faulty. The link is still valid; registering by hand is possible too.',
  },
  'lti-registration-refused': {
    title: 'The platform refused',
    text: 'Its answer is shown below. The link is still valid: start again on the platform.',
  },
};
