import { SECOND } from '../../shared/clock.js';
import { cutText, oneLine } from '../../shared/lines.js';
import type { Platform, PlatformAnswer } from '../platforms/platform.js';
import { linksIn } from './links.js';
import type { OutboundResponse } from './outbound.js';

const MAX_MESSAGE_LENGTH = 300;
/** Only this much of an error page is searched for text, so that a hostile answer takes no noticeable time. */
const MAX_MARKUP_LENGTH = 20_000;

const NAMES = ['reason', 'message', 'error_description', 'error', 'errors', 'detail', 'title'];
const DEEPEST = 3;

/** Returns the platform's explanation on one line: a known field of its JSON, or its text without tags. */
export function platformMessage(body: string): string {
  let message: string | undefined;
  try {
    message = messageIn(JSON.parse(body), DEEPEST);
  } catch {
    // Not JSON: a page or plain text.
  }
  const line = oneLine((message ?? textOf(body.slice(0, MAX_MARKUP_LENGTH))).slice(0, MAX_MARKUP_LENGTH));
  return cutText(line.replace(/\s+/gu, ' '), MAX_MESSAGE_LENGTH);
}

/** Removes tags. A `<` without an end counts as text: looking for the end of each would take quadratic time. */
const textOf = (markup: string): string => markup.replace(/<(style|script)[^]*?<\/\1>|<[^<>]*>/gi, ' ');

/** Finds the message also inside `{"errors":[{"message":"…"}]}`, as Canvas and others send it. */
function messageIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  if (Array.isArray(value)) return messageIn(value[0], depth - 1);
  for (const name of NAMES) {
    const message = messageIn((value as Record<string, unknown>)[name], depth - 1);
    if (message !== undefined) return message;
  }
  return undefined;
}

/** Parses JSON whatever its media type; returns undefined if it is not JSON. */
export function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Returns true for a status of success, whichever it is. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Returns true for a status that says that there is no such thing, or no longer. */
export const isGone = (status: number): boolean => status === 404 || status === 410;

/** Statuses, besides 5xx, after which the same call may succeed. */
const LATER = new Set([401, 408, 423, 425, 429]);

/**
 * Returns true if the same call may succeed later. A redirect leads to a page of maintenance or of a login: services
 * do not redirect.
 */
export const isLater = (answer: PlatformAnswer, platform: Pick<Platform, 'isPassing'>): boolean =>
  answer.status >= 500 ||
  (answer.status >= 300 && answer.status < 400) ||
  LATER.has(answer.status) ||
  platform.isPassing(answer);

/**
 * Returns the address of the next page from `Link: <…>; rel="next"`, undefined on the last page, null if the next page
 * is unknown: it is on another origin, which must not get the token, or the header cannot be read. Accepts what
 * platforms send: typographic quotes, `&amp;`, and http where a proxy serves https.
 */
function nextPage({ headers }: OutboundResponse, from: URL): URL | null | undefined {
  const { links, complete } = linksIn([headers.link ?? []].flat().join(', '));
  const next = links.find(({ relations }) => relations.includes('next'));
  if (next === undefined) return complete ? undefined : null;
  const address = next.target.replaceAll('&amp;', '&');
  if (next.anchored || !URL.canParse(address, from.href)) return null;
  const url = new URL(address, from.href);
  if (from.protocol === 'https:' && url.protocol === 'http:' && url.host === from.host)
    url.protocol = 'https:';
  return url.origin === from.origin ? url : null;
}

/**
 * Reads a list page by page. Returns false if the list may be incomplete: the pages led in a circle or away from the
 * platform, or it cannot be read whether there are more.
 * @param max number of pages
 * @param read requests a page and keeps its entries
 * @param tooMany makes the error for more than `max` pages
 */
export async function eachPage(
  first: URL,
  max: number,
  read: (url: string) => Promise<OutboundResponse>,
  tooMany: () => Error,
): Promise<boolean> {
  const seen = new Set<string>();
  for (let url = first; ;) {
    seen.add(url.href);
    if (seen.size > max) throw tooMany();
    const next = nextPage(await read(url.href), url);
    if (next === undefined) return true;
    if (next === null || seen.has(next.href)) return false;
    url = next;
  }
}

/**
 * Returns Retry-After, seconds or an HTTP date, as milliseconds from now.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterOf(response: OutboundResponse, now: Date): number | undefined {
  const header = response.headers['retry-after'];
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  if (/^\d{1,7}$/.test(value)) return Number(value) * SECOND;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
