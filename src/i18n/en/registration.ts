import type { English } from '../english.js';
import type { registration as ru } from '../ru/registration.js';

export const registration: English<typeof ru> = {
  platform: 'LMS',
  offer: {
    title: 'Connect an LMS',
    lead: 'An LMS asks to connect Nastavnik. Check that it is yours, and press the button.',
    messages: 'Opened from',
    scopes: 'Services needed',
    noServices: 'this platform offers none',
    noGrades: 'This platform takes no grades.',
    personal: 'What Nastavnik learns about a person',
    expected: 'This address is expected: activities open as soon as it is connected.',
    waits: 'Once connected, an administrator of Nastavnik has to approve this platform.',
    button: 'Connect',
  },
  message: {
    LtiResourceLinkRequest: 'activities of a course',
    LtiDeepLinkingRequest: 'a teacher’s choice of content',
    LtiSubmissionReviewRequest: 'review of a submission in the gradebook',
  },
  service: {
    grades: 'sending grades to the gradebook',
    results: 'reading grades in the gradebook',
    lineItems: 'finding and creating gradebook columns for its tests',
    people: 'the list of a course’s participants',
    groups: 'seeing groups of a course',
    notices: 'notices of copied courses',
  },
  personal: {
    name: 'name, e-mail',
    middle_name: 'patronymic',
    time_zone: 'time zone',
    groups: 'the numbers of their groups in the course',
  },
  renewal: {
    title: 'Renew the connection',
    lead: 'An LMS asks to renew its connection to Nastavnik. Check what will change, and press the button.',
    name: 'Name in Nastavnik',
    authUrl: 'Authentication address',
    tokenUrl: 'Token address',
    jwksUrl: 'Address of public keys',
    same: '(as before)',
    services: 'Services granted now',
    untold: 'the platform has not said',
    stays: 'People, courses, their work, roles and the other settings stay.',
    clientId:
      'If the platform gives a new client_id, the previous one stops working: activities added with it do not open until they are moved to the new tool on the platform.',
    several: 'This platform has several deployments, so courses with the new client_id start from scratch.',
    button: 'Renew',
    done: 'Renewed',
    active: 'Nastavnik now uses the new data.',
    disabled: 'The data are renewed, but this platform is disabled in Nastavnik: activities do not open.',
    former:
      'The platform gave a new client_id. The previous one, {{clientId}}, no longer works: move its activities to the new tool.',
  },
  done: {
    chooser: 'One step is left in the LMS',
    chooserMoodle:
      'Moodle does not offer Nastavnik to teachers yet. The administrator: “Site administration → Plugins → External tool → Manage tools”, the gear of Nastavnik, “Tool configuration usage”: “Show in activity chooser and as a preconfigured tool”. Or a teacher in their course: “More → LTI External tools”, the switch “Show in activity chooser”.',
    chooserPicture: 'The setting “Tool configuration usage” in Moodle',
    title: 'Connected',
    active: 'Nastavnik is ready: activities can be added to courses.',
    pending: 'This platform still has to be approved in Nastavnik: until then activities do not open.',
    there: 'The tool may have to be activated in the LMS itself: find it among the external tools.',
    withheld: 'The LMS did not grant everything. Allow in the settings of the tool:',
    close: 'Close the window',
  },
};
