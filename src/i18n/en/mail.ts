import type { English } from '../english.js';
import type { mail as ru } from '../ru/mail.js';

export const mail: English<typeof ru> = {
  greeting: 'Hello, {{name}},',
  greetingNameless: 'Hello,',
  footer: 'This message was sent automatically ({{sender}}). There is no need to reply.',
  unsubscribe: 'Stop mails of this kind',
  preferences: 'Choose what is sent',
  outbox: {
    title: 'Messages',
    about:
      'The demo sends no mail: this page shows what people would receive. Messages are deleted after a week.',
    empty: 'There are no messages yet.',
    others_one: '{{count}} more like it',
    others_other: '{{count}} more like it',
    clock: 'Time of the demo:',
    ahead_one: '{{count}} hour ahead',
    ahead_other: '{{count}} hours ahead',
    invitation: 'Invitation for the calendar',
    cancellation: 'Cancellation for the calendar',
    to: 'To: {{name}} <{{address}}>',
  },
};
