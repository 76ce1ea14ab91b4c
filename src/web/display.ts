import type { Request, RequestHandler } from 'express';
import { cookieOf } from '../shared/cookies.js';

/** How a reader wants open pages to look: WCAG 2.2 asks that text grow and spacing widen without loss. */
export interface Display {
  /** Percent of the usual size of text. */
  readonly size: '100' | '150' | '200';
  readonly spacing: 'usual' | 'wide';
  readonly scheme: 'auto' | 'light' | 'dark' | 'blue';
  readonly pictures: 'on' | 'off';
}

export const DISPLAY_CHOICES: { readonly [Name in keyof Display]: readonly Display[Name][] } = {
  size: ['100', '150', '200'],
  spacing: ['usual', 'wide'],
  scheme: ['auto', 'light', 'dark', 'blue'],
  pictures: ['on', 'off'],
};

const NAMES = ['size', 'spacing', 'scheme', 'pictures'] as const;
const COOKIE = 'display';
const YEAR_MS = 365 * 86_400_000;

const choose = <Value extends string>(choices: readonly Value[], value: unknown): Value =>
  choices.find((choice) => choice === value) ?? (choices[0] as Value);

const displayFrom = (given: Readonly<Record<string, unknown>>): Display => ({
  size: choose(DISPLAY_CHOICES.size, given.size),
  spacing: choose(DISPLAY_CHOICES.spacing, given.spacing),
  scheme: choose(DISPLAY_CHOICES.scheme, given.scheme),
  pictures: choose(DISPLAY_CHOICES.pictures, given.pictures),
});

/** What pages print of a choice. */
export interface ShownDisplay extends Display {
  /** Attributes of the page's root element, safe to print as they are; '' for the usual look. */
  readonly attributes: string;
}

/** What this browser has chosen; the usual look for whatever else a cookie holds. */
export function displayOf(req: Request): ShownDisplay {
  const cookie = cookieOf(req, COOKIE);
  const parts = (cookie ?? '').split('.');
  const display = displayFrom(Object.fromEntries(NAMES.map((name, index) => [name, parts[index]])));
  return { ...display, attributes: cookie === undefined ? '' : attributesOf(display) };
}

function attributesOf({ size, spacing, scheme }: Display): string {
  const theme = scheme === 'auto' ? '' : ` data-theme="${scheme === 'dark' ? 'dark' : 'light'}"`;
  return ` data-size="${size}" data-spacing="${spacing}" data-scheme="${scheme}"${theme}`;
}

/** `GET /display?size=150&back=/teachers`: stores the choice and leads back. Works without JavaScript. */
export const displaySwitch = (): RequestHandler => (req, res) => {
  const display = displayFrom(req.query);
  res.cookie(COOKIE, NAMES.map((name) => display[name]).join('.'), { maxAge: YEAR_MS });
  const { back } = req.query;
  // A path of ours: the browser would read `//host` and `/\host` as another origin.
  const path = typeof back === 'string' && /^\/(?![/\\])[\w./?=&%-]*$/.test(back) ? back : '/';
  res.redirect(303, path);
};
