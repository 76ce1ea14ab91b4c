import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { formsOf, type PageForm } from './forms.js';

/** A browser without scripts: cookies, redirects and forms, with the rules that make frames difficult. */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly sameSite: 'strict' | 'lax' | 'none';
  readonly secure: boolean;
  readonly partitioned: boolean;
  readonly httpOnly: boolean;
  /** Milliseconds; null: as long as the browser lives. */
  readonly expires: number | null;
}

export interface BrowserOptions {
  /**
   * Origin of the page on top, when everything happens in a frame of that page. A tool on another site is
   * then a third party.
   */
  readonly framedBy?: string;
  /**
   * What becomes of a third party's cookies: `partitioned` (Chromium without third-party cookies: only
   * `SameSite=None; Secure; Partitioned` pass), `allowed` (`SameSite=None; Secure` is enough), `blocked`.
   */
  readonly thirdParty?: 'partitioned' | 'allowed' | 'blocked';
  readonly acceptLanguage?: string;
}

export interface BrowserResponse {
  readonly status: number;
  /** Of the last page, after redirects. */
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
  readonly forms: readonly PageForm[];
  /** Addresses passed through on the way, the first one asked for included. */
  readonly passed: readonly string[];
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST';
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of a form. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Origin of the page that caused the request; none when the person typed the address. */
  readonly from?: string;
  /** False stops at the first answer. */
  readonly follow?: boolean;
}

const MOST_REDIRECTS = 10;

const siteOf = (url: string): string => new URL(url).hostname;

function parseCookie(line: string, url: URL): Cookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const value = (name: string): string | undefined =>
    attributes.find((attribute) => attribute.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const has = (name: string): boolean => attributes.some((attribute) => attribute.toLowerCase() === name);
  const maxAge = value('max-age');
  const expires = value('expires');
  const sameSite = value('samesite')?.toLowerCase();
  return {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    host: url.hostname,
    path: value('path') ?? '/',
    sameSite: sameSite === 'none' || sameSite === 'strict' ? sameSite : 'lax',
    secure: has('secure'),
    partitioned: has('partitioned'),
    httpOnly: has('httponly'),
    expires:
      maxAge !== undefined
        ? Date.now() + Number(maxAge) * 1000
        : expires !== undefined
          ? Date.parse(expires)
          : null,
  };
}

/** https://www.rfc-editor.org/rfc/rfc6265#section-5.1.4 */
const pathMatches = (path: string, of: string): boolean =>
  path === of || (path.startsWith(of) && (of.endsWith('/') || path[of.length] === '/'));

export class Browser {
  readonly #options: BrowserOptions;
  #cookies: Cookie[] = [];

  constructor(options: BrowserOptions = {}) {
    this.#options = options;
  }

  /** Puts a cookie into the jar as if the site had set it while on top. */
  setCookie(origin: string, line: string): void {
    this.#keep(parseCookie(line, new URL(origin)));
  }

  /** The value of a cookie of that site, for this path where several paths have one. */
  cookie(origin: string, name: string, path?: string): string | undefined {
    return this.#cookies.find(
      (cookie) =>
        cookie.host === siteOf(origin) &&
        cookie.name === name &&
        (path === undefined || cookie.path === path),
    )?.value;
  }

  /** The Cookie header of a request to this address from a page of the site itself. */
  cookieHeader(url: string): string {
    const { origin } = new URL(url);
    return this.#headers(new URL(url), 'GET', undefined, { from: origin }).get('cookie') ?? '';
  }

  /** Names of the cookies kept for that site. */
  cookieNames(origin: string): string[] {
    return this.#cookies.filter((cookie) => cookie.host === siteOf(origin)).map(({ name }) => name);
  }

  get(url: string, options: Omit<RequestOptions, 'method' | 'form'> = {}): Promise<BrowserResponse> {
    return this.request(url, options);
  }

  post(
    url: string,
    form: Readonly<Record<string, string>>,
    options: Omit<RequestOptions, 'method' | 'form'> = {},
  ): Promise<BrowserResponse> {
    return this.request(url, { ...options, method: 'POST', form });
  }

  /** Sends a form found on a page, from that page. */
  submit(page: BrowserResponse, form: PageForm, changes: Readonly<Record<string, string>> = {}) {
    const fields = { ...form.fields, ...changes };
    const from = new URL(page.url).origin;
    if (form.method === 'post') return this.post(form.action, fields, { from });
    const url = new URL(form.action);
    url.search = new URLSearchParams(fields).toString();
    return this.get(url.href, { from });
  }

  async request(url: string, options: RequestOptions = {}): Promise<BrowserResponse> {
    let method = options.method ?? 'GET';
    let body = options.form === undefined ? options.body : new URLSearchParams(options.form).toString();
    let at = new URL(url);
    const passed: string[] = [];
    for (let step = 0; step <= MOST_REDIRECTS; step += 1) {
      passed.push(at.href);
      const response = await exchange(at, method, this.#headers(at, method, body, options), body);
      for (const line of response.headers.getSetCookie()) this.#receive(line, at);
      const location = response.headers.get('location');
      if (location === null || options.follow === false || response.status < 300 || response.status > 399)
        return pageOf(response, at.href, passed);
      at = new URL(location, at);
      if (response.status !== 307 && response.status !== 308) {
        method = 'GET';
        body = undefined;
      }
    }
    throw new Error(`more than ${MOST_REDIRECTS} redirects: ${passed.join(' → ')}`);
  }

  #headers(url: URL, method: string, body: RequestOptions['body'], options: RequestOptions): Headers {
    const headers = new Headers(options.headers);
    if (!headers.has('accept')) headers.set('accept', 'text/html,application/xhtml+xml,*/*;q=0.8');
    headers.set('accept-language', this.#options.acceptLanguage ?? 'ru');
    if (body !== undefined && !headers.has('content-type')) {
      headers.set('content-type', 'application/x-www-form-urlencoded');
    }
    if (method === 'POST' && options.from !== undefined) headers.set('origin', new URL(options.from).origin);
    const cookies = this.#cookies
      .filter((cookie) => this.#goesWith(cookie, url, method, options.from))
      // https://www.rfc-editor.org/rfc/rfc6265#section-5.4: longer paths first.
      .sort((a, b) => b.path.length - a.path.length);
    if (cookies.length > 0) {
      headers.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
    }
    return headers;
  }

  #isThirdParty(url: URL): boolean {
    const { framedBy } = this.#options;
    return framedBy !== undefined && siteOf(framedBy) !== url.hostname;
  }

  #passesAsThirdParty(cookie: Cookie): boolean {
    const { thirdParty = 'partitioned' } = this.#options;
    if (thirdParty === 'blocked' || cookie.sameSite !== 'none' || !cookie.secure) return false;
    return thirdParty === 'allowed' || cookie.partitioned;
  }

  #goesWith(cookie: Cookie, url: URL, method: string, from: string | undefined): boolean {
    if (cookie.host !== url.hostname || !pathMatches(url.pathname, cookie.path)) return false;
    if (cookie.expires !== null && cookie.expires <= Date.now()) return false;
    if (this.#isThirdParty(url)) return this.#passesAsThirdParty(cookie);
    const sameSite = from === undefined || siteOf(from) === url.hostname;
    if (sameSite || cookie.sameSite === 'none') return true;
    // From another site: Lax goes along only when a GET changes the whole page.
    return cookie.sameSite === 'lax' && method === 'GET' && this.#options.framedBy === undefined;
  }

  #receive(line: string, url: URL): void {
    const cookie = parseCookie(line, url);
    if (this.#isThirdParty(url) && !this.#passesAsThirdParty(cookie)) return;
    this.#keep(cookie);
  }

  #keep(cookie: Cookie): void {
    this.#cookies = this.#cookies.filter(
      (old) => old.name !== cookie.name || old.host !== cookie.host || old.path !== cookie.path,
    );
    if (cookie.expires === null || cookie.expires > Date.now()) this.#cookies.push(cookie);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** One request and its answer. By `node:http`: `fetch` takes three times the processor time, and tests ask much. */
function exchange(url: URL, method: string, headers: Headers, body: RequestOptions['body']): Promise<Answer> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: Object.fromEntries(headers) }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const received = new Headers();
        for (const [name, values = []] of Object.entries(response.headersDistinct)) {
          for (const value of values) received.append(name, value);
        }
        resolve({
          status: response.statusCode ?? 0,
          headers: received,
          body: Buffer.concat(parts).toString('utf8'),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Forms are read when they are asked for: few pages are answered by one. */
function pageOf({ status, headers, body }: Answer, url: string, passed: readonly string[]): BrowserResponse {
  const text = tagsOnOneLine(body);
  let forms: readonly PageForm[] | undefined;
  return {
    status,
    url,
    headers,
    text,
    passed,
    get forms() {
      return (forms ??= formsOf(text, url));
    },
  };
}

/** Writes each tag on one line with single spaces between attributes, so that a page reads the same however its template is formatted. */
function tagsOnOneLine(html: string): string {
  return html.replace(/<[a-z](?:"[^"]*"|[^"<>])*>/gi, (tag) =>
    tag.replace(/"[^"]*"|\s+/g, (part) => (part.startsWith('"') ? part : ' ')).replace(/ (\/?>)$/, '$1'),
  );
}
