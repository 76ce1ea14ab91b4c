import { translator, type Locale } from '../../../i18n/index.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import type { AddressesStore } from './addresses.store.js';
import type { AnswerLimit } from './answer-limit.js';
import { ChannelError } from './channel-error.js';
import type { Channel, MessengerName } from './channel.js';
import type { CodesStore } from './codes.store.js';
import type { ChannelSettingsStore } from './settings.store.js';

/** How a person links a messenger. */
export interface LinkOffer {
  readonly channel: MessengerName;
  /** Opens the messenger with the code; null where the code is written to the bot by hand. */
  readonly url: string | null;
  /** '' where a telephone is asked for. */
  readonly code: string;
}

/** People link their messengers and telephones. */
export interface Linking {
  /** Makes a one-time code for each of these channels. */
  offers(personId: string, channels: readonly MessengerName[]): Promise<LinkOffer[]>;
  /** Forgets where a channel reaches a person; of e-mail, that messages came back. */
  unlink(personId: string, channel: MessengerName | 'push' | 'mail'): Promise<void>;
  /** Sends a code to a telephone. @throws DomainError `bad-input`, `channel-refused` (409) */
  sendCode(personId: string, telephone: string, locale: Locale): Promise<void>;
  /** Links the telephone that the code was sent to. @throws DomainError `bad-input` */
  confirmCode(personId: string, code: string): Promise<void>;
}

export interface LinkingDeps {
  readonly channelOf: (name: string) => Channel | null;
  readonly settings: Pick<ChannelSettingsStore, 'find'>;
  readonly addresses: Pick<AddressesStore, 'link' | 'unlink'>;
  readonly codes: CodesStore;
  readonly mayAnswer: AnswerLimit;
  /** An E.164 telephone of what was typed; null where it is none. */
  readonly telephoneOf: (text: string) => string | null;
  readonly clock: Clock;
}

export function createLinking(deps: LinkingDeps): Linking {
  const { channelOf, settings, addresses, codes, clock } = deps;
  return {
    async offers(personId, names) {
      return Promise.all(
        names.map(async (name): Promise<LinkOffer> => {
          const channel = channelOf(name);
          if (channel === null || name === 'sms') return { channel: name, url: null, code: '' };
          const [{ config }, code] = await Promise.all([
            settings.find(name),
            codes.make(personId, name, clock.now()),
          ]);
          return { channel: name, url: channel.deepLink(config, code), code };
        }),
      );
    },

    unlink: (personId, channel) => addresses.unlink(personId, channel),

    async sendCode(personId, telephone, locale) {
      const address = deps.telephoneOf(telephone);
      const channel = channelOf('sms');
      const { enabled, config } = await settings.find('sms');
      if (address === null) throw badInput({ telephone: 'errors.field.wrong' });
      if (channel === null || !enabled) throw notFound();
      if (!deps.mayAnswer(`sms ${personId}`)) throw conflict('channel-refused');
      const code = await codes.make(personId, 'sms', clock.now(), address);
      const title = translator(locale)('notifications.bot.code', { code });
      try {
        await channel.send(
          { key: `code:${personId}:${code}`, title, text: '', url: '', buttons: [], locale },
          address,
          config,
        );
      } catch (error) {
        if (error instanceof ChannelError) throw conflict('channel-refused');
        throw error;
      }
    },

    async confirmCode(personId, code) {
      const found = await codes.redeem(code.trim().toLowerCase(), 'sms', clock.now(), personId);
      if (found === null) throw badInput({ code: 'errors.field.wrong' });
      await addresses.link({ personId, channel: 'sms', address: found.address }, clock.now());
    },
  };
}
