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
import { callApi, listOf, objectOf, textOf, type ApiAnswer, type ApiRequest } from './http.js';
import { accepted, bodyOf, REFUSED, sameSecret } from './verify.js';

const BASE = 'https://platform-api2.max.ru';
/** https://dev.max.ru/docs-api/methods/POST/messages/ */
const LONGEST = 4_000;
/** No retry_after is documented. */
const PAUSE_MS = 5 * SECOND;

const UPDATES = ['bot_started', 'message_created', 'message_callback', 'bot_stopped', 'dialog_removed'];

/** The person has stopped the dialog or is gone. */
const BROKEN = ['chat.denied', 'error.dialog.suspended', 'user.not.found', 'chat.not.found'];

/** MAX. https://dev.max.ru/docs-api/ */
export const max: Channel = {
  name: 'max',
  foreign: false,
  perSecond: 25,
  fields: [
    { name: 'token', secret: true, required: true },
    { name: 'bot', required: true },
    { name: 'webhookSecret', secret: true },
    { name: 'linkBase', usual: 'https://max.ru' },
    RECEIVE,
    ...HTTP_FIELDS,
  ],

  async send({ title, text, url, buttons }, address, config) {
    const rows = buttons.map(({ label, token, url: to }) => [
      token === null
        ? { type: 'link', text: label, url: to }
        : { type: 'callback', text: label, payload: token },
    ]);
    const withLink = rows.length > 0 || url === '' ? text : `${text}\n\n${url}`;
    await call(config, {
      path: `/messages?user_id=${encodeURIComponent(address)}&disable_link_preview=true`,
      json: {
        text: `${title}\n\n${withLink}`.slice(0, LONGEST),
        notify: true,
        ...(rows.length > 0 && { attachments: [{ type: 'inline_keyboard', payload: { buttons: rows } }] }),
      },
    });
  },

  async test(config) {
    const { data } = await call(config, { method: 'GET', path: '/me' });
    return textOf(data.username) || textOf(data.name) || textOf(data.first_name);
  },

  // https://dev.max.ru/help/deeplinks
  deepLink: ({ bot = '', linkBase }, code) =>
    `${linkBase === undefined || linkBase === '' ? 'https://max.ru' : linkBase}/${bot}?start=${code}`,

  async answer(config, { callbackId }, text) {
    await call(config, {
      path: `/answers?callback_id=${encodeURIComponent(callbackId)}`,
      json: { notification: text },
    });
  },

  async subscribe(config, url) {
    await call(config, {
      path: '/subscriptions',
      json: {
        url,
        secret: config.webhookSecret ?? '',
        update_types: UPDATES,
      },
    });
  },

  // https://dev.max.ru/docs-api/methods/GET/updates/
  async poll(config, marker) {
    if (marker === '') await endWebhooks(config);
    const query = new URLSearchParams({ timeout: String(POLL_SECONDS), types: UPDATES.join(',') });
    if (marker !== '') query.set('marker', marker);
    const { data } = await call(config, {
      method: 'GET',
      path: `/updates?${query.toString()}`,
      heldMs: POLL_SECONDS * SECOND,
    });
    const incoming = listOf(data.updates).map((update) => incomingOf(objectOf(update)));
    return { incoming: incoming.filter((item) => item !== null), marker: textOf(data.marker) || marker };
  },

  webhook(request, config) {
    if (!sameSecret(request.header('x-max-bot-api-secret'), config.webhookSecret ?? '')) return REFUSED;
    const update = bodyOf(request);
    if (update === null) return { status: 400, body: '', incoming: [] };
    const incoming = incomingOf(update);
    return accepted(incoming === null ? [] : [incoming]);
  },
};

/** While a webhook is set, asking for events tells nothing. */
async function endWebhooks(config: ChannelConfig): Promise<void> {
  const { data } = await call(config, { method: 'GET', path: '/subscriptions' });
  for (const subscription of listOf(data.subscriptions)) {
    const url = textOf(objectOf(subscription).url);
    await call(config, { method: 'DELETE', path: `/subscriptions?url=${encodeURIComponent(url)}` });
  }
}

/** https://dev.max.ru/help/events/ */
function incomingOf(update: Readonly<Record<string, unknown>>): Incoming | null {
  const user = textOf(objectOf(update.user).user_id);
  switch (update.update_type) {
    case 'bot_started':
      return { address: user, kind: 'start', payload: textOf(update.payload), callbackId: '' };
    case 'bot_stopped':
    case 'dialog_removed':
      return { address: user, kind: 'stop', payload: '', callbackId: '' };
    case 'message_created': {
      const message = objectOf(update.message);
      const text = textOf(objectOf(message.body).text);
      return {
        address: textOf(objectOf(message.sender).user_id),
        kind: 'text',
        payload: text,
        callbackId: '',
      };
    }
    case 'message_callback': {
      const callback = objectOf(update.callback);
      return {
        address: textOf(objectOf(callback.user).user_id),
        kind: 'button',
        payload: textOf(callback.payload),
        callbackId: textOf(callback.callback_id),
      };
    }
    default:
      return null;
  }
}

async function call(config: ChannelConfig, request: ApiRequest): Promise<ApiAnswer> {
  const { baseUrl, token = '' } = config;
  const answer = await callApi(baseUrl === undefined || baseUrl === '' ? BASE : baseUrl, config, {
    ...request,
    headers: { authorization: token },
  });
  const { status, data } = answer;
  // Some methods say no with 200: https://dev.max.ru/docs-api/changelog-api/
  if (status < 300 && data.success !== false) return answer;
  const code = textOf(data.code);
  const words = `${status} ${code} ${textOf(data.message)}`.trim();
  if (BROKEN.includes(code)) throw new ChannelError(words, { retryable: false, broken: true });
  if (status === 401 || code === 'verify.token')
    throw new ChannelError(words, { retryable: true, laneDown: true });
  if (status === 429 || status >= 500) {
    throw new ChannelError(words, {
      retryable: true,
      retryAfterMs: answer.retryAfterMs || PAUSE_MS,
      laneDown: status >= 500,
    });
  }
  throw new ChannelError(words, { retryable: code === 'attachment.not.ready' });
}
