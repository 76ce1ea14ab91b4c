/**
 * An imitation of MAX for the demo and for tests: the part of its Bot API that the tool uses, and a page that is the
 * person's telephone. A browser is one person of the messenger, known by a cookie. Nothing is kept.
 * https://dev.max.ru/docs-api/
 */
import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { chatPage, startPage } from './pages.js';

export const DEMO_MAX = {
  token: 'demo-token-of-max',
  bot: 'nastavnik_demo_bot',
  webhookSecret: 'demo-secret-of-the-webhook',
} as const;

export interface DemoButton {
  readonly text: string;
  /** Of a callback; '' for a link. */
  readonly payload: string;
  readonly url: string;
}

export interface DemoMessage {
  readonly from: 'bot' | 'person';
  readonly text: string;
  readonly at: Date;
  readonly buttons: readonly DemoButton[];
}

export interface DemoMax {
  readonly origin: string;
  /** What a person of the messenger sees. */
  chat(userId: string): readonly DemoMessage[];
  close(): Promise<void>;
}

export interface DemoMaxOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Where the tool takes what people do. */
  readonly webhook: string;
  readonly now?: () => Date;
}

const COOKIE = 'demo_max';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

interface Deps extends Required<DemoMaxOptions> {
  readonly chats: Map<string, DemoMessage[]>;
}

export async function startDemoMax(options: DemoMaxOptions): Promise<DemoMax> {
  const chats = new Map<string, DemoMessage[]>();
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json(), express.urlencoded({ extended: false }));
  const deps: Deps = { now: () => new Date(), ...options, chats };
  addApi(app, deps);
  addPages(app, deps);
  const server: Server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    chat: (userId) => chats.get(userId) ?? [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface SentMessage {
  readonly text?: string;
  readonly attachments?: readonly {
    readonly payload?: { readonly buttons?: readonly (readonly SentButton[])[] };
  }[];
}
interface SentButton {
  readonly text: string;
  readonly payload?: string;
  readonly url?: string;
}

function addApi(app: express.Express, { chats, now }: Deps): void {
  const allowed = (req: Request, res: Response): boolean => {
    if (req.get('authorization') === DEMO_MAX.token) return true;
    res.status(401).json({ code: 'verify.token', message: 'Invalid access_token' });
    return false;
  };
  const say = (userId: string, message: DemoMessage): void => {
    chats.set(userId, [...(chats.get(userId) ?? []), message]);
  };

  app.get('/me', (req, res) => {
    if (allowed(req, res)) res.json({ user_id: 1, name: 'Наставник', username: DEMO_MAX.bot, is_bot: true });
  });
  app.post('/subscriptions', (req, res) => {
    if (allowed(req, res)) res.json({ success: true });
  });
  app.post('/messages', (req, res) => {
    if (!allowed(req, res)) return;
    const userId = textOf(req.query.user_id);
    const { text = '', attachments = [] } = req.body as SentMessage;
    const rows = attachments.flatMap(({ payload }) => payload?.buttons ?? []);
    say(userId, {
      from: 'bot',
      text,
      at: now(),
      buttons: rows.flat().map((button) => ({
        text: button.text,
        payload: button.payload ?? '',
        url: button.url ?? '',
      })),
    });
    res.json({ message: { recipient: { user_id: userId }, body: { mid: `mid.${Date.now()}`, text } } });
  });
  app.post('/answers', (req, res) => {
    if (!allowed(req, res)) return;
    const [userId = ''] = textOf(req.query.callback_id).split('-');
    const { notification = '' } = req.body as { notification?: string };
    say(userId, { from: 'bot', text: notification, at: now(), buttons: [] });
    res.json({ success: true });
  });
}

function addPages(app: express.Express, { chats, now, webhook }: Deps): void {
  const personOf = (req: Request, res: Response): string => {
    const known = new RegExp(`(?:^|; )${COOKIE}=(\\d+)`).exec(req.headers.cookie ?? '')?.[1];
    if (known !== undefined) return known;
    const made = String(randomInt(10_000, 1e9));
    res.cookie(COOKIE, made, { httpOnly: true, sameSite: 'lax', maxAge: 365 * 86_400_000 });
    return made;
  };
  const tell = async (update: object): Promise<void> => {
    const answer = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-max-bot-api-secret': DEMO_MAX.webhookSecret },
      body: JSON.stringify({ timestamp: now().getTime(), ...update }),
    });
    if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
  };

  app.get('/', (req, res) => {
    res.type('html').send(chatPage(chats.get(personOf(req, res)) ?? []));
  });
  app.get(`/${DEMO_MAX.bot}`, (req, res) => {
    personOf(req, res);
    res.type('html').send(startPage(textOf(req.query.start)));
  });
  app.post('/start', async (req, res) => {
    const userId = personOf(req, res);
    const { code = '' } = req.body as { code?: string };
    chats.set(userId, [
      ...(chats.get(userId) ?? []),
      { from: 'person', text: '/start', at: now(), buttons: [] },
    ]);
    await tell({ update_type: 'bot_started', user: { user_id: Number(userId) }, payload: code });
    res.redirect(303, '/');
  });
  app.post('/write', async (req, res) => {
    const userId = personOf(req, res);
    const { text = '' } = req.body as { text?: string };
    chats.set(userId, [...(chats.get(userId) ?? []), { from: 'person', text, at: now(), buttons: [] }]);
    await tell({
      update_type: 'message_created',
      message: { sender: { user_id: Number(userId) }, body: { text } },
    });
    res.redirect(303, '/');
  });
  app.post('/press', async (req, res) => {
    const userId = personOf(req, res);
    const { payload = '' } = req.body as { payload?: string };
    await tell({
      update_type: 'message_callback',
      callback: { callback_id: `${userId}-${Date.now()}`, payload, user: { user_id: Number(userId) } },
    });
    res.redirect(303, '/');
  });
}
