import type { Request, RequestHandler } from 'express';
import { LOCALES, knownLocale, translator, type Locale, type Translate } from '../i18n/index.js';
import type { Actor } from '../shared/actor.js';
import { UNSAID, type Centre } from '../shared/centre-settings.js';
import { cookieOf } from '../shared/cookies.js';
import { newToken } from '../shared/ids.js';
import type { SessionIdentities } from '../shared/session-identities.js';

/** What every page needs to know about its request; filled step by step by the middleware of this folder. */
export interface PageContext {
  readonly id: string;
  /** For the CSP; one per response. */
  readonly nonce: string;
  locale: Locale;
  /** In the page's locale. */
  readonly t: Translate;
  readonly centre: Centre;
  /** IANA name of the zone in which dates are shown. */
  zone: string;
  /** Token that forms of this page carry; empty where nobody is signed in. */
  csrf: string;
  /** Origins that may frame this page. */
  frameOrigins: readonly string[];
  /** Origins, besides ours, to which forms of this page may post. */
  formOrigins: readonly string[];
  /** The page is the same for everybody: it carries no nonce, and caches may keep it. */
  open: boolean;
  /** Who is signed in to the administrator's room, on its pages. */
  admin?: {
    readonly login: string;
    /** Came by a launch of an LMS, and has no account here. */
    readonly guest: boolean;
  };
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      page: PageContext;
      actor?: Actor;
    }
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- Passport's user is our identities
    interface User extends SessionIdentities {}
  }
}

const YEAR_MS = 365 * 86_400_000;

/** Anybody may send a name, in a cookie: there is one way only in which this can match, so it is soon found out. */
const ZONE_SHAPE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** True for names that Intl knows, such as `Asia/Yekaterinburg`. Offsets and "99" (Moodle's default) are not. */
export function isZone(name: unknown): name is string {
  if (typeof name !== 'string' || name.length > 60 || !ZONE_SHAPE.test(name)) return false;
  let known = zones.get(name);
  if (known === undefined) {
    known = intlKnows(name);
    // There are some six hundred; whatever else is asked for must not fill the memory.
    if (zones.size < 1_000) zones.set(name, known);
  }
  return known;
}

/** Asked at every request, and slow to find out. */
const zones = new Map<string, boolean>();

function intlKnows(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('ru', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** What the browser asks for; worked out when first asked, for many answers are a redirect and need none of it. */
class BrowserPage implements PageContext {
  readonly id = newToken().slice(0, 12);
  csrf = '';
  frameOrigins: readonly string[] = [];
  formOrigins: readonly string[] = [];
  open = false;
  #nonce: string | undefined;
  #locale: Locale | undefined;
  #zone: string | undefined;
  readonly #req: Request;
  readonly centre: Centre;

  constructor(req: Request, centre: Centre) {
    this.#req = req;
    this.centre = centre;
  }

  get nonce(): string {
    return (this.#nonce ??= newToken());
  }

  get locale(): Locale {
    return (this.#locale ??=
      chosenLocale(this.#req) ?? acceptedLocale(this.#req, this.centre) ?? this.centre.locale);
  }

  set locale(locale: Locale) {
    this.#locale = locale;
  }

  get t(): Translate {
    return translator(this.locale);
  }

  get zone(): string {
    return (this.#zone ??= chosenZone(this.#req) ?? this.centre.zone);
  }

  set zone(zone: string) {
    this.#zone = zone;
  }
}

const chosenLocale = (req: Request): Locale | null => knownLocale(cookieOf(req, 'lang'));

function acceptedLocale(req: Request, { locale }: Centre): Locale | null {
  // Whoever takes any gets the first.
  const accepted = req.acceptsLanguages(locale === LOCALES[0] ? [...LOCALES] : [...LOCALES].reverse());
  return knownLocale(accepted === false ? undefined : accepted);
}

function chosenZone(req: Request): string | null {
  const zone = cookieOf(req, 'zone');
  return isZone(zone) ? zone : null;
}

/**
 * Starts the page context: its id, and the locale and zone that the browser asks for.
 * @param centre at once wherever it is known; a page is shown without it rather than not at all
 */
export function pageContext(centre: () => Centre | Promise<Centre>): RequestHandler {
  return (req, res, next) => {
    const begin = (said: Centre): void => {
      req.page = new BrowserPage(req, said);
      res.setHeader('X-Request-Id', req.page.id);
      next();
    };
    const said = centre();
    if (!(said instanceof Promise)) {
      begin(said);
      return;
    }
    return said.catch(() => UNSAID).then(begin);
  };
}

/** What the page's reader calls the centre: by its other name rather than not at all; '' where it has none. */
export const centreName = ({ centre: { names }, locale }: Pick<PageContext, 'centre' | 'locale'>): string =>
  names[locale] || names.ru || names.en;

/** For pages of the open web, outside every course and session. */
export function openPages(): RequestHandler {
  return (req, _res, next) => {
    req.page.open = true;
    next();
  };
}

/** What an enrolment knows about its reader counts unless this browser chose otherwise. */
export function preferEnrolment(req: Request, identity: { locale?: string; zone?: string }): void {
  const locale = knownLocale(identity.locale);
  if (locale !== null && chosenLocale(req) === null) req.page.locale = locale;
  if (identity.zone !== undefined && chosenZone(req) === null) req.page.zone = identity.zone;
}

/** `?lang=en` on any page remembers the choice and shows the same page again without it. */
export function languageSwitch(): RequestHandler {
  return (req, res, next) => {
    const lang = req.query.lang;
    if (req.method !== 'GET' || typeof lang !== 'string') {
      next();
      return;
    }
    const locale = knownLocale(lang);
    if (locale !== null) res.cookie('lang', locale, { maxAge: YEAR_MS });
    const rest = new URLSearchParams(req.originalUrl.slice(req.originalUrl.indexOf('?')));
    rest.delete('lang');
    // One leading slash: the browser would read `//host` as another origin, and `/\host` as well.
    const path = req.path.replace(/^[/\\]+/, '/');
    res.redirect(303, rest.size === 0 ? path : `${path}?${rest.toString()}`);
  };
}
