import type { English } from '../english.js';
import type { registration as ru } from '../ru/registration.js';

export const registration: English<typeof ru> = {
  platform: 'Learning platform',
  offer: {
    title: 'Connect a learning platform',
    lead: 'A learning platform asks to connect Nastavnik. Check that it is yours, and press the button.',
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
    lineItems: 'finding and making gradebook columns for its own tests',
    people: 'the list of a course’s people',
    notices: 'word of copied courses',
  },
  personal: {
    name: 'name, e-mail',
    middle_name: 'patronymic',
    time_zone: 'time zone',
  },
  done: {
    title: 'Connected',
    active: 'Nastavnik is ready: activities can be added to courses.',
    pending: 'What is left is to approve this platform in Nastavnik: until then activities do not open.',
    there:
      'The platform itself may hold the tool back until somebody activates it: find it among the external tools.',
    withheld: 'The platform did not grant everything. Allow in the settings of the tool:',
    close: 'Close the window',
  },
};
