import { translator } from '../../../i18n/index.js';
import { fullName, shortName } from '../../../shared/names.js';
import type { AddressesStore } from '../channels/addresses.store.js';
import { ChannelError } from '../channels/channel-error.js';
import type { Channel, ChannelMessage, ChannelName } from '../channels/channel.js';
import type { PushSender } from '../channels/push.js';
import type { ChannelSettingsStore } from '../channels/settings.store.js';
import type { MailSender } from './mail-sender.js';
import { linkedAs, type ContactsStore } from '../contacts/contacts.store.js';
import { createHandover, type Handover } from './handover.js';
import { createPacer, type Pacer } from './pacer.js';
import type { ReachedPerson } from './recipients.service.js';
import { isMessenger } from './routing.js';
import type { DueMessage, Writer, Written } from './writer.service.js';

/** Hands messages to their channels. */
export interface Sender {
  /** Does nothing where there is no address any more. @throws JobError */
  send(channel: ChannelName, message: DueMessage): Promise<void>;
}

export interface SenderDeps {
  readonly writer: Pick<Writer, 'write'>;
  readonly mailSender: Pick<MailSender, 'send'>;
  readonly settings: Pick<ChannelSettingsStore, 'find'>;
  readonly contacts: Pick<ContactsStore, 'findOptional'>;
  readonly addresses: Pick<AddressesStore, 'listOf'>;
  readonly channelOf: (name: string) => Channel | null;
  readonly push: PushSender;
  readonly centreName: () => Promise<string>;
  /** Our origin. */
  readonly publicUrl: string;
}

/** How many messages may be with a messenger at once. */
export const MESSENGER_CONNECTIONS = 4;

export function createSender(deps: SenderDeps): Sender {
  const ways = new Map<string, { readonly handover: Handover; readonly pacer: Pacer }>();
  const { host } = new URL(deps.publicUrl);

  async function sendByMessenger(channel: Channel, message: DueMessage): Promise<void> {
    const { person, key } = message;
    const settings = await deps.settings.find(channel.name);
    const own = message.contactId === '';
    const contact = own ? null : await deps.contacts.findOptional(message.contactId);
    if (!own && contact === null) return;
    const addresses = own ? person.addresses : await deps.addresses.listOf(linkedAs(message.contactId));
    const address = addresses.find(
      (candidate) => candidate.channel === channel.name && candidate.brokenAt === null,
    );
    // E-mail follows.
    if (!settings.enabled) throw new ChannelError('the channel is switched off', { retryable: false });
    if (address === undefined)
      throw new ChannelError('the person is not linked any more', { retryable: false });
    const full = settings.content === 'full';
    const written = await deps.writer.write(message, person.name, full && own ? 'chat' : 'none');
    const told = full ? written : await noticeOf(person, written.url);
    const way = ways.get(channel.name) ?? {
      handover: createHandover(MESSENGER_CONNECTIONS),
      pacer: createPacer(channel.perSecond),
    };
    ways.set(channel.name, way);
    await way.handover.enter(message.noted);
    await way.pacer.turn();
    const sent: ChannelMessage = {
      ...(own ? told : forParent(told, person, full)),
      key,
      locale: person.locale,
    };
    await channel.send(sent, address.address, settings.config);
  }

  /** Parents have no login: they are told whom it is about, and given no link. */
  function forParent(written: Written, { name, locale }: ReachedPerson, full: boolean): Written {
    const t = translator(locale);
    const about = t('notifications.forParent', { name: fullName(name) });
    const title = t('notifications.parentSubject', { name: shortName(name), subject: written.title });
    const told = full ? { title, text: `${about}\n\n${written.text}` } : {};
    return { ...written, ...told, url: '', buttons: [] };
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
      if (name === 'mail') return deps.mailSender.send(message);
      if (isMessenger(name)) {
        const channel = deps.channelOf(name);
        if (channel !== null) await sendByMessenger(channel, message);
        return;
      }
      const { title, text, url } = await deps.writer.write(message, message.person.name, 'none');
      await deps.push.send(message.person.addresses, { title, text, url, key: message.key });
    },
  };
}
