import { createHash } from 'node:crypto';
import { translator, type Locale } from '../../i18n/index.js';
import { manyLines, oneLine } from '../../shared/lines.js';
import { renderView } from '../../web/views.js';
import { isMailAddress, type MailAddress } from './settings.js';
import { mailStyles } from './styles.js';

export interface MailRecipient extends MailAddress {
  /** '' where there is no record of the person. */
  readonly personId: string;
  /** How the person is spoken to, such as a given name; ''. */
  readonly salutation: string;
  readonly locale: Locale;
}

/** What a feature has to say, in the recipient's language; plain text throughout. */
export interface MailContent {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action?: MailLink;
  /** What can be done about it at once; each leads to a page that asks once more. */
  readonly actions?: readonly MailLink[];
  readonly calendar?: MailCalendar;
  /** Takes a POST without a login (RFC 8058). Absent for what cannot be switched off. */
  readonly unsubscribeUrl?: string;
  /** Where the recipient chooses what is sent and how. */
  readonly preferencesUrl?: string;
}

export interface MailLink {
  readonly label: string;
  readonly url: string;
}

/** An invitation or a cancellation (RFC 5546), as iCalendar text. */
export interface MailCalendar {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly content: string;
}

/** A message as it leaves. Plain values: it can be stored and delivered by another process. */
export interface MailMessage {
  /** RFC 5322, 3.6.4, with its angle brackets. */
  readonly messageId: string;
  readonly date: Date;
  readonly locale: Locale;
  readonly personId: string;
  readonly to: MailAddress;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly calendar: MailCalendar | null;
  /** '' where it cannot be switched off. */
  readonly unsubscribeUrl: string;
  /** Names the recipient in the return address; ''. */
  readonly returnKey: string;
}

export interface MailDraft {
  /** What the message is about, such as `consultation-cancelled:<booking>`: the same key, the same Message-ID. */
  readonly key: string;
  readonly at: Date;
  readonly recipient: MailRecipient;
  readonly content: MailContent;
  /** Names the recipient in the return address: what cannot be delivered comes back under it. */
  readonly returnKey?: string;
}

/**
 * Writes a message: greeting, paragraphs, a link, and who sent it; as text and as HTML.
 * @param host of the Message-ID: the tool's own
 * @param sender what the centre is called
 * @throws RangeError when the recipient's address is none that mail can be sent to
 */
export function composeMail(draft: MailDraft, host: string, sender: string): MailMessage {
  const { recipient, at, content } = draft;
  if (!isMailAddress(recipient.address)) throw new RangeError('the address is none that mail can be sent to');
  const t = translator(recipient.locale);
  const salutation = oneLine(recipient.salutation);
  const letter = {
    locale: recipient.locale,
    subject: oneLine(content.subject),
    greeting: salutation === '' ? t('mail.greetingNameless') : t('mail.greeting', { name: salutation }),
    paragraphs: content.paragraphs.map(manyLines).filter((paragraph) => paragraph !== ''),
    action: content.action ?? null,
    actions: content.actions ?? [],
    unsubscribe:
      content.unsubscribeUrl === undefined
        ? null
        : { label: t('mail.unsubscribe'), url: content.unsubscribeUrl },
    preferences:
      content.preferencesUrl === undefined
        ? null
        : { label: t('mail.preferences'), url: content.preferencesUrl },
    footer: t('mail.footer', { sender: oneLine(sender) }),
  };
  return {
    messageId: messageIdOf(draft.key, host),
    date: at,
    locale: recipient.locale,
    personId: recipient.personId,
    to: { name: oneLine(recipient.name), address: recipient.address },
    subject: letter.subject,
    text: asText(letter),
    html: renderView('mail/message', {
      ...letter,
      styles: mailStyles(),
      paragraphs: letter.paragraphs.map((paragraph) => paragraph.split('\n')),
    }),
    calendar: content.calendar ?? null,
    unsubscribeUrl: content.unsubscribeUrl ?? '',
    returnKey: draft.returnKey ?? '',
  };
}

/** Follows from the key alone: a message that is sent again after a crash is known by its id. */
const messageIdOf = (key: string, host: string): string =>
  `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${host}>`;

interface Letter {
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly action: MailLink | null;
  readonly actions: readonly MailLink[];
  readonly unsubscribe: MailLink | null;
  readonly preferences: MailLink | null;
  readonly footer: string;
}

function asText({ greeting, paragraphs, action, actions, unsubscribe, preferences, footer }: Letter): string {
  const written = ({ label, url }: MailLink): string => `${label}:\n${url}`;
  const links = [...(action ? [action] : []), ...actions].map(written);
  const last = [preferences, unsubscribe].filter((link) => link !== null).map(written);
  return `${[greeting, ...paragraphs, ...links, [`-- \n${footer}`, ...last].join('\n')].join('\n\n')}\n`;
}
