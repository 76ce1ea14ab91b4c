import { cutText } from '../../../shared/lines.js';
import { ChannelError } from './channel-error.js';
import { HTTP_FIELDS, type Channel } from './channel.js';
import { callApi, textOf } from './http.js';

const LONGEST = 300;

/**
 * SMS by an HTTP gateway: `POST <baseUrl>` with `{ to, text, id }` and the token as a bearer. Most gateways of providers
 * can be set to take this, or stand behind a small adapter that does.
 */
export const sms: Channel = {
  name: 'sms',
  foreign: false,
  perSecond: 5,
  fields: [
    { name: 'token', secret: true },
    { name: 'sender' },
    ...HTTP_FIELDS.map((field) => (field.name === 'baseUrl' ? { ...field, required: true as const } : field)),
  ],

  async send({ key, title, url }, address, config) {
    const { status, data, retryAfterMs } = await callApi(config.baseUrl ?? '', config, {
      path: '',
      headers: { authorization: `Bearer ${config.token ?? ''}` },
      json: { id: key, to: address, from: config.sender ?? '', text: cutText(`${title} ${url}`, LONGEST) },
    });
    if (status < 300 && data.error === undefined) return;
    const words = `${status} ${textOf(data.error) || textOf(data.message)}`;
    throw new ChannelError(words, {
      retryable: status === 429 || status >= 500 || status === 401 || status === 403,
      retryAfterMs,
      laneDown: status === 401 || status === 403 || status >= 500,
    });
  },

  // A gateway has nothing that could be asked without sending: what it says to a wrong method is enough to be there.
  async test(config) {
    const { status } = await callApi(config.baseUrl ?? '', config, {
      method: 'GET',
      path: '',
      headers: { authorization: `Bearer ${config.token ?? ''}` },
    });
    if (status === 401 || status === 403) throw new ChannelError(String(status), { retryable: false });
    return String(status);
  },

  deepLink: () => null,
  webhook: null,
};
