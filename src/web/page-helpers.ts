import type { Request } from 'express';
import { hasText, LOCALES, translator, type Locale } from '../i18n/index.js';
import { fullName, shortName } from '../shared/names.js';
import { atLeast } from '../shared/roles.js';
import { assetUrl } from './assets.js';
import { centreName } from './context.js';
import { displayOf } from './display.js';
import { bothTimes, formatDate, formatNumber, formatZone, zoneOptions, type DateStyle } from './format.js';
import { helpersOf } from './view-helpers.js';
import type { Helpers } from './views.js';

interface PageHelpers extends Helpers {
  readonly own: ReturnType<typeof requestHelpers>;
}

/** What every template may call. Views print: they get values and wording from here, and no way to query. */
export function pageHelpers(req: Request): PageHelpers {
  const shared = readerHelpers(req.page.locale, req.page.zone);
  const own = requestHelpers(req);
  helperNames ??= `${Object.keys(own).join()};${Object.keys(shared).join()}`;
  return { own, shared, names: helperNames };
}

/** Of all requests: which helpers there are depends on none. */
let helperNames: string | undefined;

/** By language and zone: there are two of the one and some hundreds of the other. */
const ofReaders = new Map<string, ReturnType<typeof makeReaderHelpers>>();
const MOST_READERS = 1_000;

function readerHelpers(locale: Locale, zone: string): ReturnType<typeof makeReaderHelpers> {
  const key = `${locale} ${zone}`;
  let made = ofReaders.get(key);
  if (made === undefined) {
    if (ofReaders.size >= MOST_READERS) ofReaders.clear();
    made = makeReaderHelpers(locale, zone);
    ofReaders.set(key, made);
  }
  return made;
}

/** What depends on the reader's language and zone alone. */
function makeReaderHelpers(locale: Locale, zone: string) {
  const t = translator(locale);
  return Object.freeze({
    ...helpersOf(t),
    t,
    locale,
    locales: LOCALES,
    zone,
    atLeast,
    fullName,
    shortName,
    asset: assetUrl,
    number: (value: number) => formatNumber(value, locale),
    /** A moment in the reader's zone; safe to print unescaped. */
    time: (date: Date | string, style: DateStyle = 'datetime') => {
      const moment = new Date(date);
      const iso = moment.toISOString();
      return `<time datetime="${iso}" data-style="${style}">${formatDate(moment, locale, zone, style)}</time>`;
    },
    /** A moment in the zone of a place, which no script writes anew for the reader; safe to print unescaped. */
    timeThere: (date: Date | string, style: DateStyle, place: string) => {
      const moment = new Date(date);
      return `<time datetime="${moment.toISOString()}">${formatDate(moment, locale, place, style)}</time>`;
    },
    /** "21:45 at your place, 14:45 at the centre", '' where the clocks show the same. @param place IANA name */
    both: (date: Date | string, place: string) => {
      const hours = bothTimes(new Date(date), locale, { reader: zone, place });
      return hours === null ? '' : t('common.bothTimes', hours);
    },
    /** A time zone in words. */
    zoneName: (name: string) => formatZone(name, locale, new Date()),
    /** All time zones as options of a select. @param own among them */
    zoneOptions: (own: string) => zoneOptions(own, locale, new Date()),
  });
}

/** What depends on the request. Made for each: what it does not need belongs to the reader's helpers. */
function requestHelpers(req: Request) {
  const { actor, page } = req;
  const { csrf, frameOrigins } = page;
  const base = actor ? `/c/${actor.courseKey}` : '';
  return {
    nonce: page.open ? '' : page.nonce,
    csrf,
    framed: frameOrigins.length > 0,
    /** Back to the LMS's course, for a page that fills its window. */
    lmsCourseUrl: page.returnUrl,
    actor: actor ?? null,
    admin: page.admin ?? null,
    /** How many notifications the reader has not read. */
    unreadCount: page.unread ?? 0,
    extraSections: page.extraSections,
    limited: page.limited,
    staffPage: page.staff,
    /** Name on the header: the centre's, else the product's. */
    centreLabel: { name: centreName(page) || page.t('common.product'), site: page.centre.site },
    path: req.originalUrl.split('?')[0] ?? '/',
    /** True while content is made for a Deep Linking picker, to which the person comes back. */
    choosing: isChoosing(req),
    /** The address of a page in the actor's course. */
    c: (rest = '') => `${base}/${rest}`,
    /** The address of a page of the directory: in the course, at /admin, at /staff, or on the open web. */
    site: (rest = '') =>
      actor
        ? `${base}/directory/${rest}`
        : page.admin
          ? `/admin/directory/${rest}`
          : page.staff
            ? `/staff/directory/${rest}`
            : `/${rest}`,
    open: page.open,
    display: displayOf(req),
    csrfField: () => `<input type="hidden" name="csrf" value="${csrf}">`,
    toast: toastOf(req),
    language: page.language,
    /** This page in another language, with everything that was asked for. */
    languageHref: (other: string) => {
      const query = new URLSearchParams(req.originalUrl.split('?').slice(1).join('?'));
      query.delete('done');
      query.set('lang', other);
      return `?${query.toString()}`;
    },
  };
}

const isChoosing = ({ query, body }: Request): boolean =>
  typeof query.for === 'string' || typeof (body as { for?: unknown } | undefined)?.for === 'string';

/** `?done=consultations.booked` after a redirect says what was done. Only texts that exist are shown. */
function toastOf(req: Request): string | null {
  const done = req.query.done;
  if (typeof done !== 'string' || !/^[a-z]{3,20}\.[a-zA-Z]{3,30}$/.test(done)) return null;
  const key = done.replace('.', '.done.');
  return hasText(req.page.locale, key) ? req.page.t(key) : null;
}
