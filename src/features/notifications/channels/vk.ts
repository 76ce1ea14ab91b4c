import { cutText } from '../../../shared/lines.js';
import { createHash } from 'node:crypto';
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

const BASE = 'https://api.vk.com';
const VERSION = '5.199';
const LONGEST = 4_096;

/** Codes of https://dev.vk.com/ru/reference/errors */
const TOO_OFTEN = [6, 9];
const BROKEN = [7, 15, 18, 900, 901, 902];
const TOKEN = [5, 27, 28];

/** VK, from a community. https://dev.vk.com/ru/method/messages.send */
export const vk: Channel = {
  name: 'vk',
  foreign: false,
  perSecond: 18,
  fields: [
    { name: 'token', secret: true, required: true },
    { name: 'bot', required: true },
    { name: 'webhookSecret', secret: true },
    { name: 'confirmation' },
    { name: 'linkBase', usual: 'https://vk.me' },
    RECEIVE,
    ...HTTP_FIELDS,
  ],

  async send({ key, title, text, url, buttons }, address, config) {
    const rows = buttons.map(({ label, token, url: to }) => [
      token === null
        ? { action: { type: 'open_link', label: cutText(label, 40), link: to } }
        : { action: { type: 'callback', label: cutText(label, 40), payload: JSON.stringify({ token }) } },
    ]);
    const withLink = rows.length > 0 || url === '' ? text : `${text}\n\n${url}`;
    await call(config, 'messages.send', {
      user_id: address,
      // The same number within an hour is the same message.
      random_id: String(randomId(key)),
      message: cutText(`${title}\n\n${withLink}`, LONGEST),
      dont_parse_links: '1',
      ...(rows.length > 0 && { keyboard: JSON.stringify({ inline: true, buttons: rows }) }),
    });
  },

  async test(config) {
    const response = await call(config, 'groups.getById', {});
    const groups = listOf(objectOf(response).groups);
    return textOf(objectOf(groups[0] ?? listOf(response)[0]).name);
  },

  deepLink: ({ bot = '', linkBase }, code) =>
    `${linkBase === undefined || linkBase === '' ? 'https://vk.me' : linkBase}/${bot}?ref=${code}`,

  async answer(config, { address, callbackId }, text) {
    await call(config, 'messages.sendMessageEventAnswer', {
      event_id: callbackId,
      user_id: address,
      peer_id: address,
      event_data: JSON.stringify({ type: 'show_snackbar', text: cutText(text, 90) }),
    });
  },

  // https://dev.vk.com/ru/api/bots-long-poll/getting-started
  async poll(config, marker) {
    const { server, key, ts } = marker === '' ? await longPollServer(config) : serverIn(marker);
    const query = new URLSearchParams({ act: 'a_check', key, ts, wait: String(POLL_SECONDS) });
    const { data } = await callApi(server, config, {
      method: 'GET',
      path: `?${query.toString()}`,
      heldMs: POLL_SECONDS * SECOND,
    });
    // 1: events are lost and the question goes on from `ts`; 2 and 3: the key has run out.
    const failed = Number(data.failed ?? 0);
    if (failed > 1) return { incoming: [], marker: '' };
    const incoming = listOf(data.updates).map((update) => incomingOf(objectOf(update)));
    return {
      incoming: incoming.filter((item) => item !== null),
      marker: JSON.stringify({ server, key, ts: textOf(data.ts) || ts }),
    };
  },

  webhook(request, config) {
    const update = bodyOf(request);
    if (update === null) return { status: 400, body: '', incoming: [] };
    if (update.type === 'confirmation') return accepted([], config.confirmation ?? '');
    if (!sameSecret(textOf(update.secret), config.webhookSecret ?? '')) return REFUSED;
    const incoming = incomingOf(update);
    // Anything but this text is sent again.
    return accepted(incoming === null ? [] : [incoming], 'ok');
  },
};

interface LongPollServer {
  readonly server: string;
  readonly key: string;
  readonly ts: string;
}

/** Asks where the community's events are to be had. */
async function longPollServer(config: ChannelConfig): Promise<LongPollServer> {
  const groups = listOf(objectOf(await call(config, 'groups.getById', {})).groups);
  const id = textOf(objectOf(groups[0]).id);
  return serverOf(objectOf(await call(config, 'groups.getLongPollServer', { group_id: id })));
}

const serverOf = (data: Readonly<Record<string, unknown>>): LongPollServer => ({
  server: textOf(data.server),
  key: textOf(data.key),
  ts: textOf(data.ts),
});
const serverIn = (marker: string): LongPollServer => serverOf(objectOf(JSON.parse(marker)));

function incomingOf(update: Readonly<Record<string, unknown>>): Incoming | null {
  const object = objectOf(update.object);
  switch (update.type) {
    case 'message_new': {
      const message = objectOf(object.message);
      const address = textOf(message.from_id);
      const ref = textOf(message.ref);
      return ref === ''
        ? { address, kind: 'text', payload: textOf(message.text), callbackId: '' }
        : { address, kind: 'start', payload: ref, callbackId: '' };
    }
    case 'message_event': {
      const token = textOf(objectOf(object.payload).token);
      return {
        address: textOf(object.user_id),
        kind: 'button',
        payload: token,
        callbackId: textOf(object.event_id),
      };
    }
    case 'message_deny':
      return { address: textOf(object.user_id), kind: 'stop', payload: '', callbackId: '' };
    case 'message_allow':
      return { address: textOf(object.user_id), kind: 'resume', payload: textOf(object.key), callbackId: '' };
    default:
      return null;
  }
}

const randomId = (key: string): number =>
  createHash('sha256').update(key).digest().readUInt32BE(0) & 0x7fffffff;

async function call(
  config: ChannelConfig,
  method: string,
  fields: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { baseUrl, token = '' } = config;
  const answer = await callApi(baseUrl === undefined || baseUrl === '' ? BASE : baseUrl, config, {
    path: `/method/${method}`,
    form: { ...fields, access_token: token, v: VERSION },
  });
  const { error } = answer.data;
  if (error === undefined && answer.status < 300) return answer.data.response;
  const code = Number(objectOf(error).error_code ?? answer.status);
  const words = `${code} ${textOf(objectOf(error).error_msg)}`;
  if (BROKEN.includes(code)) throw new ChannelError(words, { retryable: false, broken: true });
  if (code === 914 || code === 100) throw new ChannelError(words, { retryable: false });
  throw new ChannelError(words, {
    retryable: true,
    laneDown: TOKEN.includes(code) || answer.status >= 500,
    ...(TOO_OFTEN.includes(code) && { retryAfterMs: SECOND }),
  });
}
