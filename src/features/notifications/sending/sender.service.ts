import { translator } from '../../../i18n/index.js';
import { MailError, type Mail, type MailContent } from '../../../infra/mail/index.js';
import type { Clock } from '../../../shared/clock.js';
import { fullName, type PersonName } from '../../../shared/names.js';
import type { ActionsService } from '../actions/actions.service.js';
import { ChannelError } from '../channels/channel-error.js';
import type { Channel, ChannelMessage, ChannelName, MessageButton } from '../channels/channel.js';
import type { PushSender } from '../channels/push.js';
import type { ChannelSettingsStore } from '../channels/settings.store.js';
import type { ContactsStore } from '../contacts/contacts.store.js';
import type { Description, NotificationKind, Occurrence } from '../kinds/kind.js';
import type { UnsubscribeTokens } from '../preferences/unsubscribe.js';
import { invitationOf } from './invitation.js';
import { createPacer, type Pacer } from './pacer.js';
import type { ReachedPerson } from './recipients.service.js';
import { isMessenger } from './routing.js';
import type { Wording } from './words.service.js';

/** A message that is due, with all it is about. */
export interface DueMessage {
  readonly kind: NotificationKind;
  readonly occurrence: Occurrence;
  readonly description: Description;
  readonly person: ReachedPerson;
  /** A parent of the person; ''. */
  readonly contactId: string;
  readonly key: string;
  readonly at: Date;
}

export interface Sender {
  /** Does nothing where there is no address any more. @throws JobError */
  send(channel: ChannelName, message: DueMessage): Promise<void>;
}

export interface SenderDeps {
  readonly mail: Mail;
  readonly wording: Wording;
  readonly settings: Pick<ChannelSettingsStore, 'find'>;
  readonly channelOf: (name: string) => Channel | null;
  readonly push: PushSender;
  readonly contacts: Pick<ContactsStore, 'findOptional'>;
  readonly actions: Pick<ActionsService, 'offer'>;
  readonly unsubscribe: UnsubscribeTokens;
  readonly findCourse: (id: string) => Promise<{ readonly key: string; readonly title: string } | null>;
  readonly centreName: () => Promise<string>;
  /** Our origin. */
  readonly publicUrl: string;
  readonly clock: Clock;
}

interface Written {
  readonly title: string;
  readonly text: string;
  /** Of the page that it leads to. */
  readonly url: string;
  readonly buttons: readonly MessageButton[];
}

/** Hands messages to their channels. */
export function createSender(deps: SenderDeps): Sender {
  const pacers = new Map<string, Pacer>();
  const { host, hostname } = new URL(deps.publicUrl);

  async function write(message: DueMessage, name: PersonName, offers: boolean): Promise<Written> {
    const { kind, description, person, occurrence } = message;
    const course = await deps.findCourse(occurrence.courseId);
    const writing = { locale: person.locale, zone: description.zone ?? person.zone };
    const more = { course: course?.title ?? '', recipient: name };
    const { subject, text } = await deps.wording.write(kind, description, writing, more);
    const url = course === null ? deps.publicUrl : `${deps.publicUrl}/c/${course.key}/${description.path}`;
    const t = translator(person.locale);
    const open = { label: t('notifications.action.open'), token: null, url };
    if (!offers) return { title: subject, text, url, buttons: [open] };
    const actions = await Promise.all(
      (description.actions ?? []).map(async (action) => {
        const token = await deps.actions.offer({ ...action, ...pick(occurrence) });
        return {
          label: t(`notifications.action.${action.name}`),
          token,
          url: `${deps.publicUrl}/act/${token}`,
        };
      }),
    );
    return { title: subject, text, url, buttons: [...actions, open] };
  }

  async function sendMail(message: DueMessage): Promise<void> {
    const { kind, person, contactId, at } = message;
    const contact = contactId === '' ? null : await deps.contacts.findOptional(contactId);
    if (contactId !== '' && contact === null) return;
    const address = contact?.address ?? person.email;
    if (address === '') return;
    const own = contact === null;
    const name = own ? fullName(person.name) : contact.name;
    const written = await write(message, person.name, own);
    const t = translator(person.locale);
    const paragraphs = written.text.split('\n\n');
    const about = own ? [] : [t('notifications.forParent', { name: fullName(person.name) })];
    const [open] = written.buttons.slice(-1);
    const calendar = own ? calendarOf(message, { name, address }) : undefined;
    const content: MailContent = {
      subject: written.title,
      paragraphs: [...about, ...paragraphs],
      ...(own && open && { action: { label: open.label, url: open.url } }),
      actions: written.buttons.slice(0, -1).map(({ label, url }) => ({ label, url })),
      ...(calendar !== undefined && { calendar }),
      ...(!(kind.obligatory && own) && {
        unsubscribeUrl: `${deps.publicUrl}/unsubscribe/${deps.unsubscribe.seal({ personId: person.personId, topic: kind.topic, contactId })}`,
      }),
      ...(own && { preferencesUrl: written.url.replace(/(\/c\/[^/]+\/).*$/, '$1notifications/preferences') }),
    };
    const salutation = own
      ? [person.name.givenName, person.name.patronymic].filter((part) => part !== '').join(' ')
      : contact.name;
    const recipient = { personId: person.personId, name, salutation, address, locale: person.locale };
    try {
      await deps.mail.deliver(await deps.mail.compose({ key: message.key, at, recipient, content }));
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      throw new ChannelError(error.message, { retryable: !error.final, laneDown: error.serverDown });
    }
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

  async function sendByMessenger(channel: Channel, message: DueMessage): Promise<void> {
    const { person, key } = message;
    const settings = await deps.settings.find(channel.name);
    const address = person.addresses.find((candidate) => candidate.channel === channel.name);
    // E-mail follows.
    if (!settings.enabled) throw new ChannelError('the channel is switched off', { retryable: false });
    if (address === undefined)
      throw new ChannelError('the person is not linked any more', { retryable: false });
    const full = settings.content === 'full';
    const written = await write(message, person.name, full);
    const told = full ? written : await noticeOf(person, written.url);
    const pacer = pacers.get(channel.name) ?? createPacer(channel.perSecond);
    pacers.set(channel.name, pacer);
    await pacer.turn();
    const sent: ChannelMessage = { ...told, key, locale: person.locale };
    await channel.send(sent, address.address, settings.config);
  }

  /** Says that there is a message, and nothing of what is in it. */
  async function noticeOf({ locale }: ReachedPerson, url: string): Promise<Written> {
    const t = translator(locale);
    const centre = (await deps.centreName()) || host;
    return {
      title: t('notifications.notice.title', { centre }),
      text: t('notifications.notice.text'),
      url,
      buttons: [{ label: t('notifications.action.open'), token: null, url }],
    };
  }

  return {
    async send(name, message) {
      if (name === 'mail') return sendMail(message);
      if (isMessenger(name)) {
        const channel = deps.channelOf(name);
        if (channel !== null) await sendByMessenger(channel, message);
        return;
      }
      const { title, text, url } = await write(message, message.person.name, false);
      await deps.push.send(message.person.addresses, { title, text, url, key: message.key });
    },
  };
}

const pick = ({ personId, courseId }: Occurrence) => ({ personId, courseId });
