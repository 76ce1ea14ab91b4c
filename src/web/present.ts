import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { hasText, LOCALES } from '../i18n/index.js';
import { fullName, shortName } from '../shared/names.js';
import { atLeast } from '../shared/roles.js';
import { assetUrl } from './assets.js';
import { centreName } from './context.js';
import { displayOf } from './display.js';
import { contentSecurityPolicy } from './headers.js';
import { bothTimes, formatDate, formatNumber, formatZone, type DateStyle } from './format.js';
import './partials.view.js';
import { helpersOf } from './view-helpers.js';
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
export const whileWaiting = (waits: boolean): Pick<Page, 'reload'> => (waits ? { reload: { seconds: 3 } } : {});

const wantsJson = (req: Request): boolean => req.accepts(['html', 'json']) === 'json';

/** Sends a page: as HTML in the layout, or as JSON if the client accepts `application/json`. */
export function present(req: Request, res: Response, page: Page): void {
  res.status(page.status ?? 200);
  res.vary('Accept');
  if (wantsJson(req)) {
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    const json = JSON.stringify(page.data);
    res.type('json');
    allowKeeping(req, res, json);
    res.send(json);
    return;
  }
  res.vary('Accept-Language').vary('Cookie');
  const html = render(req, page);
  res.setHeader('Content-Security-Policy', contentSecurityPolicy(req.page));
  res.type('html');
  allowKeeping(req, res, html);
  res.send(html);
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
  renderView(page.view, { ...page.data, title: page.title }, helpers(req));

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
  const locals = helpers(req);
  const { title } = page;
  const body = renderView(page.view, { ...page.data, ...page.locals, title }, locals);
  // A screen reader says the title first: what was done is in it.
  const pageTitle = locals.toast === null ? title : `${locals.toast} · ${title}`;
  const { reload } = page;
  const refresh =
    reload && (reload.to === undefined ? reload.seconds : `${reload.seconds}; url=${reload.to}`);
  const head = headLocals(req, page.head);
  return renderView('layout', { title, head, refresh, body, pageTitle }, locals);
}

const isChoosing = ({ query, body }: Request): boolean =>
  typeof query.for === 'string' || typeof (body as { for?: unknown } | undefined)?.for === 'string';

const headLocals = (req: Request, head: PageHead | undefined) => {
  if (head === undefined) return undefined;
  const inLanguage = (lang: string): string =>
    `${head.canonical}${head.canonical.includes('?') ? '&' : '?'}hl=${lang}`;
  return {
    ...head,
    // A page that is asked for in one language is a page of its own.
    canonical: req.page.asked === undefined ? head.canonical : inLanguage(req.page.asked),
    plain: head.canonical,
    languages: LOCALES.map((lang) => [lang, inLanguage(lang)] as const),
    image: head.image ? new URL(`/${head.image}`, head.canonical).href : null,
    type: head.type ?? 'website',
    locale: req.page.locale === 'ru' ? 'ru_RU' : 'en_GB',
    indexed: head.indexed ?? true,
    // A data block ends at the first </script>, also inside a string.
    data: head.data && JSON.stringify(head.data).replaceAll('<', '\\u003c'),
  };
};

/** What every template may call. Views print: they get values and wording from here, and no way to query. */
function helpers(req: Request) {
  const { t, locale, zone, csrf, frameOrigins } = req.page;
  const { actor } = req;
  const base = actor ? `/c/${actor.courseKey}` : '';
  return {
    ...helpersOf(t),
    t,
    locale,
    locales: LOCALES,
    zone,
    nonce: req.page.open ? '' : req.page.nonce,
    csrf,
    framed: frameOrigins.length > 0,
    /** Back to the LMS's course, for a page that fills its window. */
    lmsCourseUrl: req.page.returnUrl,
    actor: actor ?? null,
    admin: req.page.admin ?? null,
    /** How many notifications the reader has not read. */
    unreadCount: req.page.unread ?? 0,
    extraSections: req.page.extraSections,
    limited: req.page.limited,
    staffPage: req.page.staff,
    /** Name on the header: the centre's, else the product's. */
    centreLabel: { name: centreName(req.page) || t('common.product'), site: req.page.centre.site },
    atLeast,
    fullName,
    shortName,
    path: req.originalUrl.split('?')[0] ?? '/',
    /** True while content is made for a Deep Linking picker, to which the person comes back. */
    choosing: isChoosing(req),
    /** The address of a page in the actor's course. */
    c: (rest = '') => `${base}/${rest}`,
    /** The address of a page of the directory: in the course, at /admin, at /staff, or on the open web. */
    site: (rest = '') =>
      actor
        ? `${base}/directory/${rest}`
        : req.page.admin
          ? `/admin/directory/${rest}`
          : req.page.staff
            ? `/staff/directory/${rest}`
            : `/${rest}`,
    open: req.page.open,
    display: displayOf(req),
    asset: assetUrl,
    number: (value: number) => formatNumber(value, locale),
    /** A moment in the reader's zone; safe to print unescaped. */
    time: (date: Date | string, style: DateStyle = 'datetime') => {
      const moment = new Date(date);
      const iso = moment.toISOString();
      return `<time datetime="${iso}" data-style="${style}">${formatDate(moment, locale, zone, style)}</time>`;
    },
    /** "21:45 at your place, 14:45 at the centre", '' where the clocks show the same. @param place IANA name */
    both: (date: Date | string, place: string) => {
      const hours = bothTimes(new Date(date), locale, { reader: zone, place });
      return hours === null ? '' : t('common.bothTimes', hours);
    },
    /** A time zone in words. */
    zoneName: (name: string) => formatZone(name, locale, new Date()),
    csrfField: () => `<input type="hidden" name="csrf" value="${csrf}">`,
    toast: toastOf(req),
    language: req.page.language,
    /** This page in another language, with everything that was asked for. */
    languageHref: (other: string) => {
      const query = new URLSearchParams(req.originalUrl.split('?').slice(1).join('?'));
      query.delete('done');
      query.set('lang', other);
      return `?${query.toString()}`;
    },
  };
}

/** `?done=consultations.booked` after a redirect says what was done. Only texts that exist are shown. */
function toastOf(req: Request): string | null {
  const done = req.query.done;
  if (typeof done !== 'string' || !/^[a-z]{3,20}\.[a-zA-Z]{3,30}$/.test(done)) return null;
  const key = done.replace('.', '.done.');
  return hasText(req.page.locale, key) ? req.page.t(key) : null;
}

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
