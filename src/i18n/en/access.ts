import type { English } from '../english.js';
import type { access as ru } from '../ru/access.js';

export const access: English<typeof ru> = {
  email: 'E-mail',
  send: 'Send me a sign-in link',
  staff: {
    title: 'Sign-in for responsible persons',
    text: 'For the director, deputies, and heads of departments and associations. Enter the e-mail on your card: we send a one-time link.',
    sent: 'If this address is on the card of a responsible person, a message with the link is on its way. The link lives 15 minutes.',
    leave: 'Sign out',
  },
  enter: {
    title: 'Sign-in by link',
    staff: 'Press the button to open the pages of a responsible person. The link works once.',
    course: 'Press the button to open the page. The link works once and opens nothing else.',
    button: 'Sign in',
  },
  sent: {
    title: 'Look into your mail',
    text: 'If your course knows this address, a message with the link is on its way. The link lives 15 minutes and opens one page.',
  },
  outside: {
    title: 'How to open this page',
    lms: 'Sign in to the LMS and open “Nastavnik” in this course: this page opens after that.',
    openLms: 'Open the LMS',
    mail: 'Or get a one-time link by e-mail: it opens this page alone.',
  },
  mail: {
    subject: 'Sign-in link',
    staff: 'This link opens the pages of a responsible person: reports, questions without an answer, cards.',
    course: 'This link opens a page of the course.',
    limits: 'The link lives 15 minutes and works once. If you did not ask for it, do nothing.',
    open: 'Sign in',
  },
};
