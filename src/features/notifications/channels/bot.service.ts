import type { Logger } from 'pino';
import { translator, type Locale, type Translate } from '../../../i18n/index.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError, notFound } from '../../../shared/errors.js';
import type { ActionsService } from '../actions/actions.service.js';
import type { AddressesStore } from './addresses.store.js';
import type { AnswerLimit } from './answer-limit.js';
import type { Channel, ChannelConfig, Incoming, WebhookAnswer, WebhookRequest } from './channel.js';
import type { CodesStore } from './codes.store.js';
import type { ChannelSettingsStore } from './settings.store.js';

/** What people do in a messenger: they start the bot with a code, press a button, write, or leave. */
export interface Bot {
  /** Does what people have done in a messenger; each is tried once. */
  take(channel: Channel, config: ChannelConfig, incoming: readonly Incoming[]): Promise<void>;
  /** Answers a messenger's request. @throws DomainError `not-found` for a channel without a webhook */
  receive(name: string, request: WebhookRequest): Promise<WebhookAnswer>;
}

export interface BotDeps {
  readonly channelOf: (name: string) => Channel | null;
  readonly settings: Pick<ChannelSettingsStore, 'find'>;
  readonly addresses: AddressesStore;
  readonly codes: Pick<CodesStore, 'redeem' | 'awaitText' | 'takeAwaited'>;
  readonly actions: Pick<ActionsService, 'run'>;
  readonly mayAnswer: AnswerLimit;
  readonly localeOf: (personId: string | null) => Promise<Locale>;
  readonly clock: Clock;
  readonly log: Logger;
}

const CODE = /^[a-z0-9]{16}$/;

export function createBot(deps: BotDeps): Bot {
  const { channelOf, settings, addresses, codes, mayAnswer, clock } = deps;

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
    const awaited = kind === 'text' ? await codes.takeAwaited({ channel: name, address }, clock.now()) : null;
    if (awaited !== null) return say(channel, config, address, await textTaken(awaited, people, payload, t));
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
    const { address, payload: token } = incoming;
    const chat = { channel: channel.name, address };
    let asked = '';
    const text = await worded(t, async () => {
      const { name, personId, asksText } = await deps.actions.run(token, people);
      if (!asksText) return t(`notifications.acted.${name}`);
      await codes.awaitText(chat, { personId, token }, clock.now());
      asked = t(`notifications.asked.${name}`);
      return t('notifications.bot.waiting');
    });
    if (channel.answer && mayAnswer(`${channel.name} ${address}`))
      await channel.answer(config, incoming, text);
    // What answers a press is gone in seconds.
    if (asked !== '') await say(channel, config, address, asked);
  }

  /** Does what a button has asked a text for. Returns what to say. */
  const textTaken = (token: string, people: readonly string[], text: string, t: Translate): Promise<string> =>
    worded(t, async () => {
      const { name } = await deps.actions.run(token, people, text);
      return t(`notifications.acted.${name}`);
    });

  /** Says why something cannot be done. */
  async function worded(t: Translate, act: () => Promise<string>): Promise<string> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return t(`errors.${error.code}.title`);
    }
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
