import type Nodemailer from 'nodemailer';
import { SECOND } from '../../shared/clock.js';
import { lazyPackage } from '../../shared/lazy-package.js';
import { mailErrorOf } from './mail-error.js';
import type { ReturnAddresses } from './bounces.js';
import type { MailMessage } from './message.js';
import type { SmtpSettings } from './settings.js';

const nodemailer = lazyPackage<typeof Nodemailer>('nodemailer');

/** Takes messages away. */
export interface MailTransport {
  /** @throws MailError */
  send(message: MailMessage): Promise<void>;
  close(): void;
}

/** Servers tolerate few connections from one sender. */
export const MAIL_CONNECTIONS = 4;

/**
 * Sends by SMTP over a pool of connections that stay open between messages.
 * @param returnAddresses null where what cannot be delivered comes back to nobody
 */
export function createSmtpTransport(
  settings: SmtpSettings,
  returnAddresses: ReturnAddresses | null,
): MailTransport {
  const { encryption, login, dkim } = settings;
  const transporter = nodemailer().createTransport({
    pool: true,
    maxConnections: MAIL_CONNECTIONS,
    host: settings.host,
    port: settings.port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(login !== null && { auth: { user: login.user, pass: login.password } }),
    ...(dkim !== null && {
      dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey },
    }),
    connectionTimeout: 10 * SECOND,
    greetingTimeout: 10 * SECOND,
    dnsTimeout: 10 * SECOND,
    socketTimeout: 30 * SECOND,
    // Nothing in a message may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(message) {
      try {
        await transporter.sendMail({
          messageId: message.messageId,
          date: message.date,
          from: { ...settings.from },
          to: { ...message.to },
          ...(returnAddresses !== null &&
            message.returnKey !== '' && {
              envelope: { from: returnAddresses.addressOf(message.returnKey), to: message.to.address },
            }),
          subject: message.subject,
          text: message.text,
          html: message.html,
          ...(message.calendar && {
            icalEvent: {
              method: message.calendar.method,
              filename: 'invite.ics',
              content: message.calendar.content,
            },
          }),
          headers: {
            'Content-Language': message.locale,
            // https://www.rfc-editor.org/rfc/rfc8058#section-3.1
            ...(message.unsubscribeUrl !== '' && {
              'List-Unsubscribe': `<${message.unsubscribeUrl}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
            // RFC 3834: absence notices and the like are not sent in answer.
            'Auto-Submitted': 'auto-generated',
          },
        });
      } catch (error) {
        throw mailErrorOf(error);
      }
    },
    close: () => transporter.close(),
  };
}
