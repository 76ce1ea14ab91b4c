export { createReturnAddresses, isGone, type Bounce, type ReturnAddresses } from './bounces.js';
export { createMail, type Mail } from './mail.js';
export { createMailQueue, deliverInJob, type MailQueue, type MailTopic } from './mail.jobs.js';
export { MailError } from './mail-error.js';
export type {
  MailCalendar,
  MailContent,
  MailDraft,
  MailLink,
  MailMessage,
  MailRecipient,
} from './message.js';
export { outboxPersonalData } from './personal-data.js';
export { outboxRouter } from './outbox.routes.js';
export { MAIL_CONNECTIONS } from './smtp.js';
export { isMailAddress, type MailSettings } from './settings.js';
