import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { LOCALES, type Locale } from '../i18n/index.js';
import { contentSecurityPolicy } from './headers.js';
import { pageHelpers } from './page-helpers.js';
import './partials.view.js';
import { renderView } from './views.js';

/** A page as a handler returns it. */
export interface Page {
  /** Template under views/, without extension. */
  readonly view: string;
  /** Translated title of the page. */
  readonly title: string;
  /** The view's data; the very same object is the JSON answer. Plain values only. */
  readonly data: object;
  /** For the HTML page alone, such as filter forms and links: no part of the JSON answer. */
  readonly locals?: object;
  readonly status?: number;
  /**
   * Where no script runs, the browser asks again after so many seconds, or goes `to` another address: of pages of what
   * is under way. A script looks at the parts that are marked `data-live`.
   */
  readonly reload?: { readonly seconds: number; readonly to?: string };
  /** For search engines; pages of the open web alone need it. */
  readonly head?: PageHead;
}

export interface PageHead {
  /** The one address of this content. */
  readonly canonical: string;
  readonly description: string;
  /** Those in which the page can be had; all of them if absent. */
  readonly languages?: readonly Locale[];
  /** False for a page that search results should not contain. */
  readonly indexed?: boolean;
  /** Path of a picture that shows what the page is about. */
  readonly image?: string | null;
  /** A picture of one person, or of whatever else. */
  readonly type?: 'website' | 'profile' | 'article';
  /** JSON-LD: a block of data, to which a CSP does not apply. */
  readonly data?: object;
}

/** A cache asks each time, for what a person has hidden must be gone at once; its ETag makes the answer small. */
const OPEN_CACHE = 'public, no-cache';

/** Of a page that shows what is under way: without a script the browser looks again after some seconds. */
export const whileWaiting = (waits: boolean): Pick<Page, 'reload'> =>
  waits ? { reload: { seconds: 3 } } : {};

/** Several handlers of a request ask. */
const wantsJson = (req: Request): boolean =>
  (req.page.wantsJson ??= req.accepts(['html', 'json']) === 'json');

/** Sends a page: as HTML in the layout, or as JSON if the client accepts `application/json`. */
export function present(req: Request, res: Response, page: Page): void {
  res.status(page.status ?? 200);
  if (wantsJson(req)) {
    res.vary('Accept');
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    const json = JSON.stringify(page.data);
    res.type('json');
    allowKeeping(req, res, json);
    res.send(json);
    return;
  }
  const html = render(req, page);
  res.vary('Accept, Accept-Language, Cookie');
  res.setHeader('Content-Security-Policy', contentSecurityPolicy(req.page));
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  allowKeeping(req, res, html);
  if (req.page.open) {
    res.send(html);
    return;
  }
  // Only what may be kept has a validator, for which Express would look at the request and copy the text.
  res.setHeader('Content-Length', Buffer.byteLength(html));
  res.end(html);
}

/** Sets the caching headers last, because a page that fails before becomes an error, which is not cached. */
function allowKeeping(req: Request, res: Response, body: string): void {
  if (!req.page.open || res.statusCode !== 200) return;
  res.setHeader('Cache-Control', OPEN_CACHE);
  // Express would compute an ETag of every page, most of which are not cached.
  res.setHeader('ETag', etagOf(body));
  req.page.keep?.(body);
}

/** Renders a page's template alone: a fragment for other sites, or a document of its own. */
export const renderBare = (req: Request, page: Pick<Page, 'view' | 'title' | 'data'>): string =>
  renderView(page.view, { ...page.data, title: page.title }, pageHelpers(req));

/** Sends what caches may keep and ask for again: feeds, fragments, maps of the open site. */
export function sendOpen(res: Response, type: string, body: string): void {
  res.setHeader('Cache-Control', OPEN_CACHE);
  res.setHeader('ETag', etagOf(body));
  res.type(type.includes('/') ? `${type}; charset=utf-8` : type);
  res.req.page.keep?.(body);
  res.send(body);
}

const etagOf = (body: string): string =>
  `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

function render(req: Request, page: Page): string {
  const helpers = pageHelpers(req);
  const { title } = page;
  const body = renderView(page.view, { ...page.data, ...page.locals, title }, helpers);
  const { toast } = helpers.own;
  // A screen reader says the title first: what was done is in it.
  const pageTitle = toast === null ? title : `${toast} · ${title}`;
  const { reload } = page;
  const refresh =
    reload && (reload.to === undefined ? reload.seconds : `${reload.seconds}; url=${reload.to}`);
  const head = headLocals(req, page.head);
  const { name } = helpers.own.centreLabel;
  const windowTitle = pageTitle === name ? name : `${pageTitle} · ${name}`;
  return renderView('layout', { title, head, refresh, body, pageTitle, windowTitle }, helpers);
}

const headLocals = (req: Request, head: PageHead | undefined) => {
  if (head === undefined) return undefined;
  const inLanguage = (lang: string): string =>
    `${head.canonical}${head.canonical.includes('?') ? '&' : '?'}hl=${lang}`;
  return {
    ...head,
    // A page that is asked for in one language is a page of its own.
    canonical: req.page.asked === undefined ? head.canonical : inLanguage(req.page.asked),
    plain: head.canonical,
    languages: (head.languages ?? LOCALES).map((lang) => [lang, inLanguage(lang)] as const),
    image: head.image ? new URL(`/${head.image}`, head.canonical).href : null,
    type: head.type ?? 'website',
    locale: req.page.locale === 'ru' ? 'ru_RU' : 'en_GB',
    indexed: head.indexed ?? true,
    // A data block ends at the first </script>, also inside a string.
    data: head.data && JSON.stringify(head.data).replaceAll('<', '\\u003c'),
  };
};

/**
 * Redirects to a page after a change (303), with a message.
 * @param done `feature.what`, with a text under `feature.done.what`
 */
export function seeOther(res: Response, to: string, done?: string): void {
  const address = done === undefined ? to : `${to}${to.includes('?') ? '&' : '?'}done=${done}`;
  // Express would write a body that browsers do not show.
  res.status(303).location(address).end();
}

export { wantsJson };
