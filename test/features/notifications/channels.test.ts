import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { ChannelError } from '../../../src/features/notifications/channels/channel-error.js';
import type {
  Channel,
  ChannelConfig,
  WebhookRequest,
} from '../../../src/features/notifications/channels/channel.js';
import { max } from '../../../src/features/notifications/channels/max.js';
import { sms } from '../../../src/features/notifications/channels/sms.js';
import { telegram } from '../../../src/features/notifications/channels/telegram.js';
import { vk } from '../../../src/features/notifications/channels/vk.js';
import { whatsapp } from '../../../src/features/notifications/channels/whatsapp.js';
import { startProvider, type Provider, type Told } from './servers.js';

const TOKEN = 'secret-token-of-the-bot';
const MESSAGE = {
  key: 'booking-reminder:1:2',
  title: 'Напоминание',
  text: 'Алгебра, 15:00',
  url: 'https://tool.example.org/c/key/',
  buttons: [
    { label: 'Отменить', token: 'a'.repeat(32), url: 'https://tool.example.org/act/x' },
    { label: 'Открыть', token: null, url: 'https://tool.example.org/c/key/' },
  ],
  locale: 'ru',
} as const;

describe('channels of messengers', () => {
  let provider: Provider;
  let config: ChannelConfig;
  before(async () => {
    provider = await startProvider({ body: {} });
    config = { baseUrl: provider.url, token: TOKEN, bot: 'nastavnik_bot', webhookSecret: 'hook-secret' };
  });
  after(() => provider.close());
  beforeEach(() => provider.seen.splice(0));

  /** Sends while the provider says this, and returns how it failed. */
  async function failing(channel: Channel, told: Told, more: ChannelConfig = {}): Promise<ChannelError> {
    provider.answer(told);
    try {
      await channel.send(MESSAGE, '77', { ...config, ...more });
    } catch (error) {
      expect(error).to.be.instanceOf(ChannelError);
      expect((error as Error).message, 'no secret').to.not.contain(TOKEN);
      return error as ChannelError;
    }
    throw new Error('was taken');
  }
  const body = (): Record<string, unknown> => JSON.parse(provider.seen[0]!.body) as Record<string, unknown>;
  const request = (content: unknown, headers: Record<string, string> = {}): WebhookRequest => ({
    method: 'POST',
    query: {},
    header: (name) => headers[name],
    body: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
  });

  describe('MAX', () => {
    it('sends a text with buttons to a user, with the token in its header', async () => {
      provider.answer({ body: { message: { body: { mid: 'mid.1' } } } });
      await max.send(MESSAGE, '77', config);
      const [seen] = provider.seen;
      expect(seen).to.deep.include({
        method: 'POST',
        path: '/messages?user_id=77&disable_link_preview=true',
      });
      expect(seen?.headers.authorization).to.equal(TOKEN);
      const [keyboard] = body().attachments as { payload: { buttons: object[][] } }[];
      expect(keyboard?.payload.buttons).to.deep.equal([
        [{ type: 'callback', text: 'Отменить', payload: 'a'.repeat(32) }],
        [{ type: 'link', text: 'Открыть', url: MESSAGE.url }],
      ]);
    });

    it('waits after 429, gives up a dialog that was stopped, and reads a refusal within 200', async () => {
      const busy = await failing(max, { status: 429, body: { code: 'too.many.requests', message: 'x' } });
      expect(busy).to.include({ retryable: true, broken: false, laneDown: false });
      expect(busy.retryAfterMs).to.be.at.least(1_000);
      const stopped = await failing(max, { status: 403, body: { code: 'chat.denied', message: 'stopped' } });
      expect(stopped).to.include({ retryable: false, broken: true, message: '403 chat.denied stopped' });
      const refused = await failing(max, { body: { success: false, code: 'proto.payload', message: 'no' } });
      expect(refused).to.include({ retryable: false, broken: false });
      const token = await failing(max, { status: 401, body: { code: 'verify.token', message: 'Invalid' } });
      expect(token).to.include({ retryable: true, laneDown: true });
    });

    it('refuses a webhook without its secret, and reads start, text, button and stop', () => {
      const headers = { 'x-max-bot-api-secret': 'hook-secret' };
      const start = { update_type: 'bot_started', user: { user_id: 77 }, payload: 'code' };
      expect(max.webhook!(request(start), config).status).to.equal(401);
      expect(max.webhook!(request(start, { 'x-max-bot-api-secret': 'wrong' }), config).status).to.equal(401);
      expect(max.webhook!(request(start, { 'x-max-bot-api-secret': '' }), {}).status).to.equal(401);
      expect(max.webhook!(request(start, headers), config).incoming).to.deep.equal([
        { address: '77', kind: 'start', payload: 'code', callbackId: '' },
      ]);
      const pressed = {
        update_type: 'message_callback',
        callback: { callback_id: 'c1', payload: 'tok', user: { user_id: 77 } },
      };
      expect(max.webhook!(request(pressed, headers), config).incoming[0]).to.deep.equal({
        address: '77',
        kind: 'button',
        payload: 'tok',
        callbackId: 'c1',
      });
      expect(max.webhook!(request('not json', headers), config).status).to.equal(400);
      expect(max.deepLink(config, 'abc')).to.equal('https://max.ru/nastavnik_bot?start=abc');
    });
  });

  describe('Telegram', () => {
    it('sends by the bot API, with data of a button within 64 bytes', async () => {
      provider.answer({ body: { ok: true, result: { message_id: 1 } } });
      await telegram.send(MESSAGE, '77', config);
      expect(provider.seen[0]?.path).to.equal(`/bot${TOKEN}/sendMessage`);
      const { reply_markup: markup, chat_id: chat } = body() as {
        reply_markup: { inline_keyboard: { callback_data?: string; url?: string }[][] };
        chat_id: string;
      };
      expect(chat).to.equal('77');
      expect(markup.inline_keyboard[0]?.[0]?.callback_data?.length).to.be.at.most(64);
      expect(markup.inline_keyboard[1]?.[0]?.url).to.equal(MESSAGE.url);
    });

    it('waits as long as it is asked to, with and without retry_after, and knows when it is blocked', async () => {
      const asked = await failing(telegram, {
        status: 429,
        body: {
          ok: false,
          error_code: 429,
          description: 'Too Many Requests',
          parameters: { retry_after: 7 },
        },
      });
      expect(asked).to.include({ retryable: true, retryAfterMs: 7_000 });
      const unasked = await failing(telegram, { status: 429, body: { ok: false, error_code: 429 } });
      expect(unasked).to.include({ retryable: true, retryAfterMs: 0 });
      const blocked = await failing(telegram, {
        status: 403,
        body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
      });
      expect(blocked).to.include({ broken: true, message: '403 Forbidden: bot was blocked by the user' });
    });

    it('reads the code of a deep link, and refuses a forged webhook', () => {
      const headers = { 'x-telegram-bot-api-secret-token': 'hook-secret' };
      const update = { message: { text: '/start abcdef', chat: { id: 77 } } };
      expect(telegram.webhook!(request(update), config).status).to.equal(401);
      expect(telegram.webhook!(request(update, headers), config).incoming).to.deep.equal([
        { address: '77', kind: 'start', payload: 'abcdef', callbackId: '' },
      ]);
    });
  });

  describe('VK', () => {
    it('sends as a form with a random_id that stays the same for one message', async () => {
      provider.answer({ body: { response: 1 } }, { body: { response: 1 } });
      await vk.send(MESSAGE, '77', config);
      await vk.send(MESSAGE, '77', config);
      const [first, second] = provider.seen.map(({ body: sent }) => new URLSearchParams(sent));
      expect(first?.get('random_id')).to.equal(second?.get('random_id'));
      expect(Number(first?.get('random_id'))).to.be.within(0, 2 ** 31 - 1);
      expect(first?.get('user_id')).to.equal('77');
      expect(first?.get('keyboard')).to.contain('"inline":true');
    });

    it('reads an error within 200', async () => {
      const error = (code: number, text = 'words') => ({
        body: { error: { error_code: code, error_msg: text } },
      });
      expect(await failing(vk, error(901, "Can't send messages for users without permission"))).to.include({
        broken: true,
        retryable: false,
        message: "901 Can't send messages for users without permission",
      });
      expect(await failing(vk, error(6))).to.include({ retryable: true, retryAfterMs: 1_000 });
      expect(await failing(vk, error(5))).to.include({ retryable: true, laneDown: true });
      expect(await failing(vk, error(914))).to.include({ retryable: false, broken: false });
    });

    it('answers the confirmation string, then checks the secret in the body', () => {
      const settings = { ...config, confirmation: 'abc123' };
      expect(vk.webhook!(request({ type: 'confirmation', group_id: 1 }), settings).body).to.equal('abc123');
      const update = { type: 'message_new', object: { message: { from_id: 77, ref: 'code', text: 'x' } } };
      expect(vk.webhook!(request(update), settings).status).to.equal(401);
      const answer = vk.webhook!(request({ ...update, secret: 'hook-secret' }), settings);
      expect(answer).to.deep.include({ status: 200, body: 'ok' });
      expect(answer.incoming[0]).to.include({ kind: 'start', payload: 'code' });
    });
  });

  describe('WhatsApp', () => {
    const settings = { phoneId: '12', template: 'notice', appSecret: 'app-secret' };

    it('sends an approved template', async () => {
      provider.answer({ body: { messages: [{ id: 'wamid.1' }] } });
      await whatsapp.send(MESSAGE, '79120000000', { ...config, ...settings });
      expect(provider.seen[0]).to.deep.include({ path: '/12/messages' });
      expect(provider.seen[0]?.headers.authorization).to.equal(`Bearer ${TOKEN}`);
      expect(body()).to.deep.include({ to: '79120000000', type: 'template' });
    });

    it('waits at 130429, gives up a number that takes nothing, and stops at a wrong token', async () => {
      const error = (code: number, status = 400) => ({ status, body: { error: { code, message: 'words' } } });
      expect(await failing(whatsapp, error(130429, 429), settings)).to.include({ retryable: true });
      expect(await failing(whatsapp, error(131056, 429), settings)).to.include({ retryAfterMs: 60_000 });
      expect(await failing(whatsapp, error(131026), settings)).to.include({ broken: true, retryable: false });
      expect(await failing(whatsapp, error(190, 401), settings)).to.include({ laneDown: true });
    });

    it('accepts a webhook that bears the signature of its body', () => {
      const content = JSON.stringify({
        entry: [{ changes: [{ value: { messages: [{ from: '79120000000', text: { body: 'code' } }] } }] }],
      });
      const signature = `sha256=${createHmac('sha256', 'app-secret').update(content).digest('hex')}`;
      const answer = whatsapp.webhook!(request(content, { 'x-hub-signature-256': signature }), settings);
      expect(answer.incoming).to.deep.equal([
        { address: '79120000000', kind: 'text', payload: 'code', callbackId: '' },
      ]);
      const forged = request(`${content} `, { 'x-hub-signature-256': signature });
      expect(whatsapp.webhook!(forged, settings).status).to.equal(401);
      const challenge: WebhookRequest = {
        ...request(''),
        method: 'GET',
        query: { 'hub.verify_token': 'hook-secret', 'hub.challenge': '42' },
      };
      expect(whatsapp.webhook!(challenge, config)).to.deep.include({ status: 200, body: '42' });
    });
  });

  describe('events that are asked for', () => {
    const seen = (): string[] => provider.seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`);
    const start = { address: '77', kind: 'start', payload: 'code', callbackId: '' };

    it('come from MAX once no webhook is set, and go on from the marker', async () => {
      provider.answer(
        { body: { subscriptions: [{ url: 'https://old.example.org/hooks/max' }] } },
        { body: { success: true } },
        {
          body: {
            updates: [{ update_type: 'bot_started', user: { user_id: 77 }, payload: 'code' }],
            marker: 41,
          },
        },
      );
      expect(await max.poll!(config, '')).to.deep.equal({ incoming: [start], marker: '41' });
      expect(seen()).to.deep.equal(['GET /subscriptions', 'DELETE /subscriptions', 'GET /updates']);
      provider.answer({ body: { updates: [], marker: 42 } });
      expect(await max.poll!(config, '41')).to.deep.equal({ incoming: [], marker: '42' });
      expect(provider.seen.at(-1)?.path).to.contain('marker=41');
    });

    it('come from VK by a server that it names, and by another when its key has run out', async () => {
      const server = `${provider.url}/wh`;
      provider.answer(
        { body: { response: { groups: [{ id: 9 }] } } },
        { body: { response: { server, key: 'k', ts: '1' } } },
        {
          body: {
            ts: '2',
            updates: [{ type: 'message_new', object: { message: { from_id: 77, ref: 'code', text: '' } } }],
          },
        },
        { body: { failed: 2 } },
      );
      const { incoming, marker } = await vk.poll!(config, '');
      expect(incoming).to.deep.equal([start]);
      expect(provider.seen.at(-1)?.path).to.match(/^\/wh\?act=a_check&key=k&ts=1/);
      expect((await vk.poll!(config, marker)).marker).to.equal('');
      expect(provider.seen.at(-1)?.path).to.contain('ts=2');
    });
  });

  describe('SMS', () => {
    it('hands a short text to the gateway', async () => {
      provider.answer({ body: { ok: true } });
      await sms.send(MESSAGE, '+79120000000', config);
      expect(body()).to.deep.include({ to: '+79120000000', text: `Напоминание ${MESSAGE.url}` });
      expect(await failing(sms, { status: 503, body: { error: 'down' } })).to.include({ retryable: true });
      expect(await failing(sms, { status: 400, body: { error: 'number' } })).to.include({ retryable: false });
    });
  });

  for (const channel of [max, telegram, vk, whatsapp, sms]) {
    it(`${channel.name}: an answer that is HTML, has 10 MB or never comes is tried again later`, async () => {
      const html = await failing(channel, { status: 502, body: '<html>Bad gateway</html>' });
      expect(html).to.include({ retryable: true });
      expect(html.message).to.match(/answered 502 with HTML$/);
      const long = await failing(channel, { body: 'x'.repeat(10 * 1024 * 1024) });
      expect(long).to.include({ retryable: true });
      const never = await failing(channel, { body: 'never' }, { timeout: '0.2' });
      expect(never).to.include({ retryable: true, laneDown: true });
      const nobody = channel.send(MESSAGE, '77', { ...config, baseUrl: 'http://127.0.0.1:9' });
      const error = await nobody.then(
        () => null,
        (reason: unknown) => reason as ChannelError,
      );
      expect(error).to.include({ retryable: true, laneDown: true });
      expect(error?.message).to.not.contain(TOKEN);
    });
  }
});
