import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { hasText, LOCALES } from '../i18n/index.js';
import { fullName, shortName } from '../shared/names.js';
import { atLeast } from '../shared/roles.js';
import { assetUrl } from './assets.js';
import { centreName } from './context.js';
import { contentSecurityPolicy } from './headers.js';
import { formatDate, formatNumber, type DateStyle } from './format.js';
import './partials.view.js';
import { viewHelpers } from './view-helpers.js';
import { renderView } from './views.js';

/** What a handler hands over for showing. */
export interface Page {
  /** Template under views/, without extension. */
  readonly view: string;
  /** Translated title of the page. */
  readonly title: string;
  /** The view's data; the very same object is the JSON answer. Plain values only. */
  readonly data: object;
  readonly status?: number;
  /** For search engines; pages of the open web alone need it. */
  readonly head?: PageHead;
}

export interface PageHead {
  /** The one address of this content. */
  readonly canonical: string;
  readonly description: string;
  /** False for what should not stand in search results. */
  readonly indexed?: boolean;
  /** JSON-LD: a block of data, which a Content-Security-Policy lets be. */
  readonly data?: object;
}

/** Long enough to carry a crowd, short enough that what somebody hides is soon gone. */
const OPEN_CACHE = 'public, max-age=60';

const wantsJson = (req: Request): boolean => req.accepts(['html', 'json']) === 'json';

/** Shows a page: as HTML in the page layout, or as JSON to whoever asks for `application/json`. */
export function present(req: Request, res: Response, page: Page): void {
  res.status(page.status ?? 200);
  res.vary('Accept');
  if (wantsJson(req)) {
    res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    const json = JSON.stringify(page.data);
    allowKeeping(req, res, json);
    res.type('json').send(json);
    return;
  }
  res.vary('Accept-Language').vary('Cookie');
  const html = render(req, page);
  res.setHeader('Content-Security-Policy', contentSecurityPolicy(req.page));
  allowKeeping(req, res, html);
  res.type('html').send(html);
}

/** Said at the last moment: what fails on the way is an error, and errors are kept by nobody. */
function allowKeeping(req: Request, res: Response, body: string): void {
  if (!req.page.open || res.statusCode !== 200) return;
  res.setHeader('Cache-Control', OPEN_CACHE);
  // Express would digest every page, of which most may be kept by nobody.
  res.setHeader('ETag', `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`);
}

function render(req: Request, page: Page): string {
  const locals = { ...helpers(req), title: page.title, head: headLocals(page.head) };
  const body = renderView(page.view, { ...page.data, ...locals });
  return renderView('layout', { ...locals, body });
}

const headLocals = (head: PageHead | undefined) =>
  head && {
    ...head,
    indexed: head.indexed ?? true,
    // A data block ends at the first </script>, wherever it stands.
    data: head.data && JSON.stringify(head.data).replaceAll('<', '\\u003c'),
  };

/** What every template may call. Views print: they get values and wording from here, and no way to query. */
function helpers(req: Request) {
  const { t, locale, zone, csrf, frameOrigins } = req.page;
  const { actor } = req;
  const base = actor ? `/c/${actor.courseKey}` : '';
  return {
    ...viewHelpers(t),
    t,
    locale,
    locales: LOCALES,
    zone,
    nonce: req.page.open ? '' : req.page.nonce,
    csrf,
    framed: frameOrigins.length > 0,
    actor: actor ?? null,
    admin: req.page.admin ?? null,
    /** How the page is called on its doors: by the centre's name, or by the product's. */
    centreLabel: { name: centreName(req.page) || t('common.product'), site: req.page.centre.site },
    atLeast,
    fullName,
    shortName,
    path: req.originalUrl.split('?')[0] ?? '/',
    /** The address of a page in the actor's course. */
    c: (rest = '') => `${base}/${rest}`,
    asset: assetUrl,
    number: (value: number) => formatNumber(value, locale),
    /** A moment in the reader's zone; safe to print unescaped. */
    time: (date: Date | string, style: DateStyle = 'datetime') => {
      const moment = new Date(date);
      const iso = moment.toISOString();
      return `<time datetime="${iso}" data-style="${style}">${formatDate(moment, locale, zone, style)}</time>`;
    },
    csrfField: () => `<input type="hidden" name="csrf" value="${csrf}">`,
    toast: toastOf(req),
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
 * After a change: back to a page (303), saying what was done.
 * @param done `room.what`, with a text under `room.done.what`
 */
export function seeOther(res: Response, to: string, done?: string): void {
  const address = done === undefined ? to : `${to}${to.includes('?') ? '&' : '?'}done=${done}`;
  // Express would write a page that nobody reads.
  res.status(303).location(address).end();
}

export { wantsJson };
