import { cutText } from '../../../shared/lines.js';
import { SECOND } from '../../../shared/clock.js';
import { ChannelError } from './channel-error.js';
import {
  HTTP_FIELDS,
  POLL_SECONDS,
  RECEIVE,
  type Channel,
  type ChannelConfig,
  type Incoming,
} from './channel.js';
import { callApi, listOf, objectOf, textOf } from './http.js';
import { accepted, bodyOf, REFUSED, sameSecret } from './verify.js';

const BASE = 'https://api.telegram.org';
/** https://core.telegram.org/bots/api#sendmessage */
const LONGEST = 4_096;

const UPDATES = ['message', 'callback_query', 'my_chat_member'];

/** Telegram. https://core.telegram.org/bots/api */
export const telegram: Channel = {
  name: 'telegram',
  foreign: true,
  // About 30 in all, https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
  perSecond: 29,
  fields: [
    { name: 'token', secret: true, required: true },
    { name: 'bot', required: true },
    { name: 'webhookSecret', secret: true },
    { name: 'linkBase', usual: 'https://t.me' },
    RECEIVE,
    ...HTTP_FIELDS,
  ],

  async send({ title, text, url, buttons }, address, config) {
    const keyboard = buttons.map(({ label, token, url: to }) => [
      token === null ? { text: label, url: to } : { text: label, callback_data: token },
    ]);
    const withLink = keyboard.length > 0 || url === '' ? text : `${text}\n\n${url}`;
    await call(config, 'sendMessage', {
      chat_id: address,
      text: cutText(`${title}\n\n${withLink}`, LONGEST),
      link_preview_options: { is_disabled: true },
      ...(keyboard.length > 0 && { reply_markup: { inline_keyboard: keyboard } }),
    });
  },

  async test(config) {
    return textOf(objectOf(await call(config, 'getMe', {})).username);
  },

  deepLink: ({ bot = '', linkBase }, code) =>
    `${linkBase === undefined || linkBase === '' ? 'https://t.me' : linkBase}/${bot}?start=${code}`,

  async answer(config, { callbackId }, text) {
    await call(config, 'answerCallbackQuery', { callback_query_id: callbackId, text: cutText(text, 200) });
  },

  async subscribe(config, url) {
    await call(config, 'setWebhook', {
      url,
      secret_token: config.webhookSecret ?? '',
      allowed_updates: UPDATES,
    });
  },

  // https://core.telegram.org/bots/api#getupdates
  async poll(config, marker) {
    // While a webhook is set, the answer is 409.
    if (marker === '') await call(config, 'deleteWebhook', {});
    const offset = marker === '' ? {} : { offset: Number(marker) };
    const asked = { ...offset, timeout: POLL_SECONDS, allowed_updates: UPDATES };
    const updates = listOf(await call(config, 'getUpdates', asked, POLL_SECONDS * SECOND)).map(objectOf);
    const last = Math.max(...updates.map(({ update_id: id }) => Number(id)).filter(Number.isFinite), -1);
    return {
      incoming: updates.map(incomingOf).filter((item) => item !== null),
      marker: last < 0 ? marker || '0' : String(last + 1),
    };
  },

  webhook(request, config) {
    if (!sameSecret(request.header('x-telegram-bot-api-secret-token'), config.webhookSecret ?? ''))
      return REFUSED;
    const update = bodyOf(request);
    if (update === null) return { status: 400, body: '', incoming: [] };
    const incoming = incomingOf(update);
    return accepted(incoming === null ? [] : [incoming]);
  },
};

function incomingOf(update: Readonly<Record<string, unknown>>): Incoming | null {
  if (update.message !== undefined) {
    const message = objectOf(update.message);
    const text = textOf(message.text);
    const address = textOf(objectOf(message.chat).id);
    const [, code] = /^\/start(?:@\w+)?(?:\s+(\S+))?\s*$/.exec(text) ?? [];
    return text.startsWith('/start')
      ? { address, kind: 'start', payload: code ?? '', callbackId: '' }
      : { address, kind: 'text', payload: text, callbackId: '' };
  }
  if (update.callback_query !== undefined) {
    const query = objectOf(update.callback_query);
    return {
      address: textOf(objectOf(query.from).id),
      kind: 'button',
      payload: textOf(query.data),
      callbackId: textOf(query.id),
    };
  }
  const member = objectOf(update.my_chat_member);
  const status = textOf(objectOf(member.new_chat_member).status);
  const address = textOf(objectOf(member.chat).id);
  return status === 'kicked' ? { address, kind: 'stop', payload: '', callbackId: '' } : null;
}

async function call(config: ChannelConfig, method: string, json: unknown, heldMs = 0): Promise<unknown> {
  const { baseUrl, token = '' } = config;
  const { status, data, retryAfterMs } = await callApi(
    baseUrl === undefined || baseUrl === '' ? BASE : baseUrl,
    config,
    { path: `/bot${token}/${method}`, json, heldMs },
  );
  if (data.ok === true) return data.result;
  const code = Number(data.error_code ?? status);
  const words = `${code} ${textOf(data.description)}`;
  // A number of seconds: https://core.telegram.org/bots/api#responseparameters
  const asked = Number(objectOf(data.parameters).retry_after ?? 0) * SECOND;
  if (code === 403) throw new ChannelError(words, { retryable: false, broken: true });
  if (code === 400)
    throw new ChannelError(words, { retryable: false, broken: words.includes('chat not found') });
  const all = code === 401 || code === 404 || code >= 500;
  throw new ChannelError(words, {
    retryable: true,
    retryAfterMs: asked > 0 ? asked : retryAfterMs,
    laneDown: all,
  });
}
