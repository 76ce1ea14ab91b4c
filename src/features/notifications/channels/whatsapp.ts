import { MINUTE, SECOND } from '../../../shared/clock.js';
import { ChannelError } from './channel-error.js';
import { HTTP_FIELDS, type Channel, type ChannelConfig, type Incoming } from './channel.js';
import { callApi, listOf, objectOf, textOf } from './http.js';
import { accepted, bodyOf, REFUSED, sameSecret, signedBy } from './verify.js';

const BASE = 'https://graph.facebook.com/v23.0';

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes/ */
const BUSY = [4, 80007, 130429, 131056];
const BROKEN = [131026, 131051];
const TOKEN = [0, 10, 190, 200];

/**
 * WhatsApp Cloud API. A message outside of a conversation must be a template that Meta has approved, with two
 * parameters: title and text.
 */
export const whatsapp: Channel = {
  name: 'whatsapp',
  foreign: true,
  perSecond: 20,
  fields: [
    { name: 'token', secret: true, required: true },
    { name: 'phoneId', required: true },
    { name: 'template', required: true },
    { name: 'bot' },
    { name: 'appSecret', secret: true },
    { name: 'webhookSecret', secret: true },
    ...HTTP_FIELDS,
  ],

  async send({ title, text, url, locale }, address, config) {
    const parameters = [title, url === '' ? text : `${text} ${url}`].map((value) => ({
      type: 'text',
      // A parameter may hold no line ends.
      text: value.replace(/\s+/g, ' ').slice(0, 1_000),
    }));
    await call(config, {
      messaging_product: 'whatsapp',
      to: address,
      type: 'template',
      template: {
        name: config.template,
        language: { code: locale },
        components: [{ type: 'body', parameters }],
      },
    });
  },

  async test(config) {
    const { data, status } = await callApi(baseOf(config), config, {
      method: 'GET',
      path: `/${config.phoneId}?fields=display_phone_number,verified_name`,
      headers: { authorization: `Bearer ${config.token ?? ''}` },
    });
    if (data.error !== undefined || status >= 300) throw errorOf(data, status, 0);
    return textOf(data.verified_name) || textOf(data.display_phone_number);
  },

  deepLink: ({ bot = '' }, code) => (bot === '' ? null : `https://wa.me/${bot}?text=${code}`),

  webhook(request, config) {
    if (request.method === 'GET') {
      const { query } = request;
      const known = sameSecret(textOf(query['hub.verify_token']), config.webhookSecret ?? '');
      return known ? accepted([], textOf(query['hub.challenge'])) : REFUSED;
    }
    if (!signedBy(request.header('x-hub-signature-256'), config.appSecret ?? '', request.body))
      return REFUSED;
    const update = bodyOf(request);
    if (update === null) return { status: 400, body: '', incoming: [] };
    const incoming = listOf(update.entry)
      .flatMap((entry) => listOf(objectOf(entry).changes))
      .flatMap((change) => listOf(objectOf(objectOf(change).value).messages))
      .map((message): Incoming => {
        const { from, text } = objectOf(message);
        return { address: textOf(from), kind: 'text', payload: textOf(objectOf(text).body), callbackId: '' };
      });
    return accepted(incoming);
  },
};

const baseOf = ({ baseUrl }: ChannelConfig): string =>
  baseUrl === undefined || baseUrl === '' ? BASE : baseUrl;

async function call(config: ChannelConfig, json: unknown): Promise<void> {
  const { data, status, retryAfterMs } = await callApi(baseOf(config), config, {
    path: `/${config.phoneId}/messages`,
    headers: { authorization: `Bearer ${config.token ?? ''}` },
    json,
  });
  if (data.error !== undefined || status >= 300) throw errorOf(data, status, retryAfterMs);
}

function errorOf(
  data: Readonly<Record<string, unknown>>,
  status: number,
  retryAfterMs: number,
): ChannelError {
  const error = objectOf(data.error);
  const code = Number(error.code ?? status);
  const details = textOf(objectOf(error.error_data).details);
  const words = `${code} ${textOf(error.message)} ${details}`.trim();
  if (BROKEN.includes(code)) return new ChannelError(words, { retryable: false, broken: true });
  if (BUSY.includes(code) || status === 429) {
    return new ChannelError(words, {
      retryable: true,
      retryAfterMs: retryAfterMs || (code === 131056 ? MINUTE : 5 * SECOND),
    });
  }
  if (TOKEN.includes(code) || status >= 500)
    return new ChannelError(words, { retryable: true, laneDown: true });
  return new ChannelError(words, { retryable: false });
}
