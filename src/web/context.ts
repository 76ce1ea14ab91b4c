import type { Request, RequestHandler } from 'express';
import { LOCALES, knownLocale, translator, type Locale, type Translate } from '../i18n/index.js';
import type { Actor } from '../shared/actor.js';
import { UNSAID, type Centre } from '../shared/centre-settings.js';
import { cookieOf } from '../shared/cookies.js';
import { newToken } from '../shared/ids.js';
import type { SessionIdentity } from '../shared/session-identity.js';

/** Data of a request that every page needs, set by the middleware of this folder. */
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
  /** CSRF token of this page's forms; '' without a session. */
  csrf: string;
  /** Origins that may frame this page. */
  frameOrigins: readonly string[];
  /** Back to the LMS's course; '' if that is unknown. */
  returnUrl: string;
  /** Origins, besides ours, to which forms of this page may post. */
  formOrigins: readonly string[];
  /** Origins whose players the page shows. */
  frames: readonly string[];
  /** The language that the address of an open page asks for (`?hl=en`), for search engines. */
  asked?: Locale;
  /**
   * How the page can be had in another language: by a link with `lang`, by sending the same form again, or not at all,
   * because a launch cannot be repeated.
   */
  language: 'link' | 'none' | { readonly action: string; readonly fields: Readonly<Record<string, string>> };
  /** True if the page is the same for every reader: it has no nonce, and caches may store it. */
  open: boolean;
  /** Is given the page as it is sent, where it may be sent again (page-cache.ts). */
  keep?: (body: string) => void;
  /** How many notifications the reader has not read, on pages of a course. */
  unread?: number;
  /** Sections of the course beyond those of everybody, for this reader. */
  extraSections: readonly string[];
  /** Whether the client asks for JSON, once it was looked at. */
  wantsJson?: boolean;
  /** True if the session opens this page alone. */
  limited: boolean;
  /** True on pages of a responsible person outside all courses. */
  staff: boolean;
  /** The signed-in administrator, on pages of the administration. */
  admin?: {
    readonly login: string;
    /** True if the administrator came by a launch of an LMS and has no account here. */
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
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- Passport's user is our identity
    interface User extends SessionIdentity {}
  }
}

const YEAR_MS = 365 * 86_400_000;

/** Matches in linear time, because visitors may send any text in a cookie. */
const ZONE_SHAPE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** Returns true for names that Intl knows, such as `Asia/Yekaterinburg`, and false for offsets and "99", Moodle's default. */
export function isZone(name: unknown): name is string {
  if (typeof name !== 'string' || name.length > 60 || !ZONE_SHAPE.test(name)) return false;
  let known = zones.get(name);
  if (known === undefined) {
    known = intlKnows(name);
    // There are about six hundred names; unknown ones are not cached, so that they cannot fill the memory.
    if (zones.size < 1_000) zones.set(name, known);
  }
  return known;
}

/** Cached, because the check is slow and every request makes it. */
const zones = new Map<string, boolean>();

function intlKnows(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('ru', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The browser's preferences, computed at first use, because redirects need none of them. */
class BrowserPage implements PageContext {
  readonly id = newToken().slice(0, 12);
  csrf = '';
  frameOrigins: readonly string[] = [];
  returnUrl = '';
  formOrigins: readonly string[] = [];
  frames: readonly string[] = [];
  asked?: Locale;
  keep?: (body: string) => void;
  wantsJson?: boolean;
  language: PageContext['language'] = 'link';
  open = false;
  extraSections: readonly string[] = [];
  limited = false;
  staff = false;
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
  // `*` gets the first locale.
  const accepted = req.acceptsLanguages(locale === LOCALES[0] ? [...LOCALES] : [...LOCALES].reverse());
  return knownLocale(accepted === false ? undefined : accepted);
}

function chosenZone(req: Request): string | null {
  const zone = cookieOf(req, 'zone');
  return isZone(zone) ? zone : null;
}

/**
 * Starts the page context: its id, and the locale and zone that the browser asks for.
 * @param centre reads the settings of the centre; a page is shown without them if that fails
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

/** Returns the centre's name in the reader's language, else in the other one; '' if it has none. */
export const centreName = ({
  centre: { nameRu, nameEn },
  locale,
}: Pick<PageContext, 'centre' | 'locale'>): string => (locale === 'ru' ? nameRu || nameEn : nameEn || nameRu);

/** Marks a request as one for a public page, outside courses and sessions. */
export function openPages(): RequestHandler {
  return (req, _res, next) => {
    req.page.open = true;
    // Times are those of the centre, whatever a browser has told on pages of a course.
    req.page.zone = req.page.centre.zone;
    const asked = LOCALES.find((locale) => locale === req.query.hl);
    if (asked !== undefined) {
      req.page.asked = asked;
      req.page.locale = asked;
    }
    next();
  };
}

/** What an enrolment knows about its reader counts unless this browser chose otherwise. */
export function preferEnrolment(req: Request, identity: { locale?: string; zone?: string }): void {
  const locale = knownLocale(identity.locale);
  if (locale !== null && chosenLocale(req) === null) req.page.locale = locale;
  if (identity.zone !== undefined && chosenZone(req) === null) req.page.zone = identity.zone;
}

/** Makes the handler of `?lang=en` where the address cannot be left: stores the choice, and the request goes on. */
export function languageHere(): RequestHandler {
  return (req, res, next) => {
    const locale = knownLocale(typeof req.query.lang === 'string' ? req.query.lang : undefined);
    if (locale !== null) {
      res.cookie('lang', locale, { maxAge: YEAR_MS });
      req.page.locale = locale;
    }
    next();
  };
}

/** Makes the handler of `?lang=en` on any page: stores the choice and redirects to the page without it. */
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
    const path = `${req.baseUrl}${req.path}`.replace(/^[/\\]+/, '/');
    res.redirect(303, rest.size === 0 ? path : `${path}?${rest.toString()}`);
  };
}
