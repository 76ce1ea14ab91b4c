import type { Logger } from 'pino';
import { translator, type Locale, type Translate } from '../../../i18n/index.js';
import { MINUTE, msSince, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, DomainError, notFound } from '../../../shared/errors.js';
import type { ActionsService } from '../actions/actions.service.js';
import type { AddressesStore } from './addresses.store.js';
import { ChannelError } from './channel-error.js';
import type {
  Channel,
  ChannelConfig,
  Incoming,
  MessengerName,
  WebhookAnswer,
  WebhookRequest,
} from './channel.js';
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

/** People link their messengers, and messengers tell what people do there. */
export interface Linking {
  /** Makes a one-time code for each of these channels. */
  offers(personId: string, channels: readonly MessengerName[]): Promise<LinkOffer[]>;
  /** Forgets where a channel reaches a person; of e-mail, that messages came back. */
  unlink(personId: string, channel: MessengerName | 'push' | 'mail'): Promise<void>;
  /** Sends a code to a telephone. @throws DomainError `bad-input`, `channel-refused` (409) */
  sendCode(personId: string, telephone: string, locale: Locale): Promise<void>;
  /** Links the telephone that the code was sent to. @throws DomainError `bad-input` */
  confirmCode(personId: string, code: string): Promise<void>;
  /** Does what people have done in a messenger; each is tried once. */
  take(channel: Channel, config: ChannelConfig, incoming: readonly Incoming[]): Promise<void>;
  /** Answers a messenger's request. @throws DomainError `not-found` for a channel without a webhook */
  receive(name: string, request: WebhookRequest): Promise<WebhookAnswer>;
}

export interface LinkingDeps {
  readonly channelOf: (name: string) => Channel | null;
  readonly settings: Pick<ChannelSettingsStore, 'find'>;
  readonly addresses: AddressesStore;
  readonly codes: CodesStore;
  readonly actions: Pick<ActionsService, 'run'>;
  readonly localeOf: (personId: string | null) => Promise<Locale>;
  /** An E.164 telephone of what was typed; null where it is none. */
  readonly telephoneOf: (text: string) => string | null;
  readonly clock: Clock;
  readonly log: Logger;
}

const CODE = /^[a-z0-9]{16}$/;
/** A bot answers one address no more often: a flood of commands costs the provider's limit. */
const ANSWERS = { most: 6, per: MINUTE };
const MOST_REMEMBERED = 10_000;

export function createLinking(deps: LinkingDeps): Linking {
  const { channelOf, settings, addresses, codes, clock } = deps;
  const answered = new Map<string, number[]>();

  function mayAnswer(key: string): boolean {
    const now = clock.now().getTime();
    const recent = (answered.get(key) ?? []).filter((at) => msSince(at, now) < ANSWERS.per);
    if (answered.size > MOST_REMEMBERED) answered.clear();
    answered.set(key, [...recent, now].slice(-ANSWERS.most));
    return recent.length < ANSWERS.most;
  }

  async function say(channel: Channel, config: ChannelConfig, address: string, text: string): Promise<void> {
    if (!mayAnswer(`${channel.name} ${address}`)) return;
    const key = `answer:${channel.name}:${address}:${clock.now().getTime()}`;
    const [title = '', ...rest] = text.split('\n');
    await channel.send(
      { key, title, text: rest.join('\n'), url: '', buttons: [], locale: 'ru' },
      address,
      config,
    );
  }

  async function handle(channel: Channel, config: ChannelConfig, incoming: Incoming): Promise<void> {
    const { name } = channel;
    const { address, kind, payload } = incoming;
    if (address === '') return;
    if (kind === 'stop') return addresses.setBroken(name, address, clock.now());
    if (kind === 'resume') await addresses.setBroken(name, address, null);
    const people = await addresses.findPeople(name, address);
    const t = translator(await deps.localeOf(people[0] ?? null));
    if (kind === 'button') return press(channel, config, incoming, people, t);
    const code = payload.trim().toLowerCase();
    const found = CODE.test(code) ? await codes.redeem(code, name, clock.now()) : null;
    if (found !== null) {
      await addresses.link({ personId: found.personId, channel: name, address }, clock.now());
      const own = translator(await deps.localeOf(found.personId));
      return say(channel, config, address, own('notifications.bot.linked'));
    }
    if (kind === 'start' && people.length > 0) await addresses.setBroken(name, address, null);
    await say(
      channel,
      config,
      address,
      t(people.length > 0 ? 'notifications.bot.known' : 'notifications.bot.unknown'),
    );
  }

  async function press(
    channel: Channel,
    config: ChannelConfig,
    incoming: Incoming,
    people: readonly string[],
    t: Translate,
  ): Promise<void> {
    let text: string;
    try {
      const { name } = await deps.actions.run(incoming.payload, people);
      text = t(`notifications.acted.${name}`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      text = t(`errors.${error.code}.title`);
    }
    if (channel.answer && mayAnswer(`${channel.name} ${incoming.address}`))
      await channel.answer(config, incoming, text);
  }

  async function take(channel: Channel, config: ChannelConfig, all: readonly Incoming[]): Promise<void> {
    for (const incoming of all) {
      try {
        await handle(channel, config, incoming);
      } catch (error) {
        // The provider would send it again, and others behind it.
        deps.log.warn({ err: error, channel: channel.name }, 'a message to the bot was not answered');
      }
    }
  }

  return {
    take,

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
      if (!mayAnswer(`sms ${personId}`)) throw conflict('channel-refused');
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

    async receive(name, request) {
      const channel = channelOf(name);
      if (!channel?.webhook) throw notFound();
      const { enabled, config } = await settings.find(channel.name);
      if (!enabled) throw notFound();
      const answer = channel.webhook(request, config);
      await take(channel, config, answer.incoming);
      return answer;
    },
  };
}
