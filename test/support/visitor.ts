import type { Browser, BrowserResponse } from './lms.js';

/** An answer as tests look at it. */
export interface Reply {
  readonly status: number;
  /** Of the last page, after redirects. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface JsonReply {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into whatever shape the page has
  readonly data: any;
}

type Fields = Readonly<Record<string, string | readonly string[]>>;

export interface UploadOptions {
  readonly fields?: Readonly<Record<string, string>>;
  readonly csrf?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One browser at the tool, in one course or in none. */
export class Visitor {
  #csrf: string | undefined;

  constructor(
    readonly origin: string,
    readonly browser: Browser,
    /** The course's key, or null without a session. */
    readonly key: string | null,
    /** What the launch ended with. */
    readonly landing: BrowserResponse | null,
  ) {}

  /** `tests` → below the course; `/directory` → as it stands. */
  address(path: string): string {
    return path.startsWith('/') || this.key === null
      ? `${this.origin}${path.startsWith('/') ? '' : '/'}${path}`
      : `${this.origin}/c/${this.key}/${path}`;
  }

  /** A page, redirects followed. */
  async get(
    path: string,
    options: { follow?: boolean; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Reply> {
    return reply(await this.browser.get(this.address(path), { from: this.origin, ...options }));
  }

  /** Sends a form as a page of ours would, with the hidden token. A list repeats its name. */
  async submit(
    path: string,
    fields: Fields = {},
    options: { follow?: boolean; csrf?: string } = {},
  ): Promise<Reply> {
    const body = new URLSearchParams();
    const csrf = options.csrf ?? (await this.csrf());
    if (csrf !== '') body.append('csrf', csrf);
    for (const [name, value] of Object.entries(fields)) {
      for (const item of Array.isArray(value) ? (value as string[]) : [value as string])
        body.append(name, item);
    }
    return reply(
      await this.browser.request(this.address(path), {
        method: 'POST',
        body: body.toString(),
        from: this.origin,
        ...(options.follow !== undefined && { follow: options.follow }),
      }),
    );
  }

  /** Sends a form with files as a page of ours would, with the hidden token before them. */
  async upload(
    path: string,
    files: readonly { readonly field: string; readonly name: string; readonly content: Buffer | string }[],
    { fields = {}, csrf, headers = {} }: UploadOptions = {},
  ): Promise<Reply> {
    const form = new FormData();
    const token = csrf ?? (await this.csrf());
    if (token !== '') form.append('csrf', token);
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    for (const { field, name, content } of files) {
      form.append(field, new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
    }
    const body = new Response(form);
    return reply(
      await this.browser.request(this.address(path), {
        method: 'POST',
        from: this.origin,
        headers: { 'content-type': body.headers.get('content-type') ?? '', ...headers },
        body: new Uint8Array(await body.arrayBuffer()),
      }),
    );
  }

  /** As a program would: JSON both ways, the token in its header. */
  async json(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<JsonReply> {
    const change = method !== 'GET' && method !== 'HEAD';
    const response = await this.browser.request(this.address(path), {
      method: method as 'GET' | 'POST',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      follow: false,
      from: this.origin,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(change && { 'x-csrf-token': await this.csrf() }),
        ...headers,
      },
    });
    return {
      status: response.status,
      headers: response.headers,
      data: response.text === '' ? null : (JSON.parse(response.text) as unknown),
    };
  }

  /** The token that pages of this course carry; '' without a session. */
  async csrf(): Promise<string> {
    if (this.key === null) return '';
    if (this.#csrf === undefined) {
      const page = await this.browser.get(this.address(''), { from: this.origin });
      this.#csrf = /name="csrf-token" content="([^"]+)"/.exec(page.text)?.[1] ?? '';
    }
    return this.#csrf;
  }
}

const reply = (response: BrowserResponse): Reply => ({
  status: response.status,
  url: response.url,
  headers: response.headers,
  body: response.text,
});
