import { translator } from '../../../i18n/index.js';
import {
  MAIL_CONNECTIONS,
  MailError,
  type Mail,
  type MailContent,
  type MailRecipient,
} from '../../../infra/mail/index.js';
import { fullName, shortName } from '../../../shared/names.js';
import { ChannelError } from '../channels/channel-error.js';
import type { ContactsStore } from '../contacts/contacts.store.js';
import type { Description, NotificationKind } from '../kinds/kind.js';
import type { UnsubscribeTokens } from '../preferences/unsubscribe.js';
import { createHandover } from './handover.js';
import { invitationOf } from './invitation.js';
import type { ReachedPerson } from './recipients.service.js';
import { contactReturnKey, returnKeyOf } from './return-keys.js';
import type { Wording } from './words.service.js';
import type { DueMessage, Writer, WriterDeps } from './writer.service.js';

/** One thing of a digest. */
export interface DigestLine {
  readonly kind: NotificationKind;
  readonly courseId: string;
  readonly description: Description;
}

/** Hands messages to the mail server. */
export interface MailSender {
  /** Does nothing where there is no address any more. @throws JobError */
  send(message: DueMessage): Promise<void>;
  /** Mails several things in one message. @throws JobError */
  sendDigest(
    person: ReachedPerson,
    lines: readonly DigestLine[],
    about: Pick<DueMessage, 'key' | 'at' | 'noted'>,
  ): Promise<void>;
}

export interface MailSenderDeps extends Pick<WriterDeps, 'findCourse' | 'publicUrl'> {
  readonly mail: Mail;
  readonly wording: Wording;
  readonly writer: Writer;
  readonly contacts: Pick<ContactsStore, 'findOptional'>;
  readonly unsubscribe: UnsubscribeTokens;
}

export function createMailSender(deps: MailSenderDeps): MailSender {
  const { writer } = deps;
  const { hostname } = new URL(deps.publicUrl);
  const handover = createHandover(MAIL_CONNECTIONS);

  async function sendMail(message: DueMessage): Promise<void> {
    const { kind, person, contactId } = message;
    const contact = contactId === '' ? null : await deps.contacts.findOptional(contactId);
    if (contactId !== '' && contact === null) return;
    const address = contact?.address ?? person.email;
    if (address === '') return;
    const own = contact === null;
    const name = own ? fullName(person.name) : contact.name;
    const written = await writer.write(message, person.name, own ? 'pages' : 'none');
    const t = translator(person.locale);
    const paragraphs = written.text.split('\n\n');
    const about = own ? [] : [t('notifications.forParent', { name: fullName(person.name) })];
    const [open] = written.buttons.slice(-1);
    const calendar = own ? calendarOf(message, { name, address }) : undefined;
    const content: MailContent = {
      subject: own
        ? written.title
        : t('notifications.parentSubject', { name: shortName(person.name), subject: written.title }),
      paragraphs: [...about, ...paragraphs],
      ...(own && open && { action: { label: open.label, url: open.url } }),
      actions: written.buttons.slice(0, -1).map(({ label, url }) => ({ label, url })),
      ...(calendar !== undefined && { calendar }),
      ...(!(kind.obligatory && own) && {
        unsubscribeUrl: `${deps.publicUrl}/unsubscribe/${deps.unsubscribe.seal({ personId: person.personId, topic: kind.topic, kind: kind.name, contactId })}`,
      }),
      ...(own &&
        COURSE_PAGE.test(written.url) && {
          preferencesUrl: written.url.replace(COURSE_PAGE, '$1notifications/preferences'),
        }),
    };
    const recipient = { personId: person.personId, name, salutation: contact?.name ?? '', address };
    await deliver(
      message,
      { ...recipient, ...(own && { salutation: salutationOf(person) }) },
      content,
      own ? returnKeyOf(person.personId) : contactReturnKey(contactId),
    );
  }

  async function deliver(
    {
      key,
      at,
      noted,
      person: { locale },
    }: Pick<DueMessage, 'key' | 'at' | 'noted'> & { person: Pick<ReachedPerson, 'locale'> },
    recipient: Omit<MailRecipient, 'locale'>,
    content: MailContent,
    returnKey = returnKeyOf(recipient.personId),
  ): Promise<void> {
    const composed = await deps.mail.compose({
      ...{ key, at, content, returnKey },
      recipient: { ...recipient, locale },
    });
    await handover.enter(noted);
    try {
      await deps.mail.deliver(composed);
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      throw new ChannelError(error.message, { retryable: !error.final, laneDown: error.serverDown });
    }
  }

  async function sendDigest(
    person: ReachedPerson,
    lines: readonly DigestLine[],
    { key, at, noted }: Pick<DueMessage, 'key' | 'at' | 'noted'>,
  ): Promise<void> {
    const { locale, zone } = person;
    const t = translator(locale);
    const values = { day: at, count: lines.length };
    const { subject, text } = await deps.wording.write({ name: 'digest' }, { values }, { locale, zone });
    const byCourse = new Map<string, string[]>();
    for (const { kind, courseId, description } of lines) {
      const writing = { locale, zone: description.zone ?? zone };
      const words = await deps.wording.write(kind, description, writing, { recipient: person.name });
      byCourse.set(courseId, [...(byCourse.get(courseId) ?? []), `• ${words.subject}`]);
    }
    const courses = await Promise.all([...byCourse.keys()].map((id) => deps.findCourse(id)));
    const paragraphs = [...byCourse.values()].map((of, index) =>
      [courses[index]?.title ?? '', ...of].filter((line) => line !== '').join('\n'),
    );
    const url = writer.urlOf(courses.find((course) => course !== null)?.key, 'notifications');
    const seal = { personId: person.personId, topic: 'digest' as const, kind: 'digest', contactId: '' };
    const recipient = { personId: person.personId, name: fullName(person.name), address: person.email };
    await deliver(
      { key: `digest:${key}`, at, noted, person },
      { ...recipient, salutation: salutationOf(person) },
      {
        subject,
        paragraphs: [text, ...paragraphs],
        action: { label: t('notifications.all'), url },
        unsubscribeUrl: `${deps.publicUrl}/unsubscribe/${deps.unsubscribe.seal(seal)}`,
        ...(COURSE_PAGE.test(url) && { preferencesUrl: `${url}/preferences` }),
      },
    );
  }

  function calendarOf({ description, at }: DueMessage, attendee: { name: string; address: string }) {
    const { calendar } = description;
    const { from } = deps.mail;
    if (calendar === undefined || from === null) return undefined;
    return {
      method: calendar.method,
      content: invitationOf(calendar, { organizer: from, attendee, host: hostname, at }),
    };
  }

  return { send: sendMail, sendDigest };
}

const salutationOf = ({ name }: Pick<ReachedPerson, 'name'>): string =>
  [name.givenName, name.patronymic].filter((part) => part !== '').join(' ');

const COURSE_PAGE = /(\/c\/[^/]+\/).*$/;
