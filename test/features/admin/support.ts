import { startTestApp, type TestApp, type TestAppOptions } from '../../support/test-app.js';
import { Browser, type BrowserResponse } from '../../support/lms.js';

export const LOGIN = 'Ivanova';
export const PASSWORD = 'три синих кита у окна';

/** One browser at /admin. */
export class AdminVisitor {
  constructor(
    readonly origin: string,
    readonly browser: Browser = new Browser(),
  ) {}

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<BrowserResponse> {
    return this.browser.get(`${this.origin}${path}`, { from: this.origin, headers });
  }

  /** Sends a form as the page at `from` would, redirects followed. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>> = {},
    options: { follow?: boolean; csrf?: string; page?: string; headers?: Record<string, string> } = {},
  ): Promise<BrowserResponse> {
    const csrf = options.csrf ?? (await this.csrf(options.page));
    return this.browser.post(
      `${this.origin}${path}`,
      { ...(csrf !== '' && { csrf }), ...fields },
      {
        from: this.origin,
        ...(options.follow !== undefined && { follow: options.follow }),
        ...(options.headers && { headers: options.headers }),
      },
    );
  }

  /** What a page's data is to a program. */
  async data<Data>(path: string): Promise<Data> {
    const { text } = await this.get(path, { accept: 'application/json' });
    return JSON.parse(text) as Data;
  }

  /** The token that forms of this browser carry. */
  async csrf(page = '/admin/login'): Promise<string> {
    const { text } = await this.get(page);
    return /name="csrf-token" content="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  login(login = LOGIN, password = PASSWORD): Promise<BrowserResponse> {
    return this.post('/admin/login', { login, password });
  }

  get cookie(): string | undefined {
    return this.browser.cookie(this.origin, 'nastavnik_admin');
  }
}

export interface AdminTestApp extends TestApp {
  visitor(): AdminVisitor;
  /** Makes an account through its one-time link. */
  make(login?: string, password?: string): Promise<void>;
  /** A browser with a session. */
  enter(login?: string, password?: string): Promise<AdminVisitor>;
}

export const TERMINAL = { kind: 'terminal', id: '', name: 'test' } as const;

export async function startAdminApp(options: TestAppOptions = {}): Promise<AdminTestApp> {
  const testApp = await startTestApp(options);
  const visitor = (): AdminVisitor => new AdminVisitor(testApp.origin);
  return {
    ...testApp,
    visitor,
    async make(login = LOGIN, password = PASSWORD) {
      const token = await testApp.app.features.admin.accounts.invite(TERMINAL);
      const made = await visitor().post('/admin/setup', { token, login, password, repeat: password });
      if (!made.url.includes('accountMade')) throw new Error(`no account: ${made.status}\n${made.text}`);
    },
    async enter(login, password) {
      const item = visitor();
      const entered = await item.login(login, password);
      if (entered.url !== `${testApp.origin}/admin`) throw new Error(`not in: ${entered.status}`);
      return item;
    },
  };
}
