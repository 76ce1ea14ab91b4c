import { SECOND } from '../../shared/clock.js';
import { oneLine } from '../../shared/lines.js';
import type { OutboundResponse } from './outbound.js';

const LONGEST_WORDS = 300;
/** What is looked for words in: an error page's markup and styles, and no more than is soon gone through. */
const LONGEST_MARKUP = 20_000;

const NAMES = ['reason', 'message', 'error_description', 'error', 'errors', 'detail', 'title'];
const DEEPEST = 3;

/** The platform's explanation: a known field of its JSON, or its text without tags. */
export function platformWords(body: string): string {
  let words: string | undefined;
  try {
    words = wordsIn(JSON.parse(body), DEEPEST);
  } catch {
    // Not JSON: a page or plain text.
  }
  const line = oneLine((words ?? textOf(body.slice(0, LONGEST_MARKUP))).slice(0, LONGEST_MARKUP));
  return line.replace(/\s+/gu, ' ').slice(0, LONGEST_WORDS);
}

/** A `<` that closes nowhere is one of the text; looking for its end each time anew would take for ever. */
const textOf = (markup: string): string => markup.replace(/<(style|script)[^]*?<\/\1>|<[^<>]*>/gi, ' ');

/** Canvas and others wrap their words: `{"errors":[{"message":"…"}]}`. */
function wordsIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  if (Array.isArray(value)) return wordsIn(value[0], depth - 1);
  for (const name of NAMES) {
    const words = wordsIn((value as Record<string, unknown>)[name], depth - 1);
    if (words !== undefined) return words;
  }
  return undefined;
}

/** What an answer holds, by content and not by type; undefined when it is not JSON. */
export function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Statuses that say "later", besides 5xx. */
const LATER = new Set([401, 408, 423, 425, 429]);

/** Whether the same call may go well later. */
export const isLater = (status: number): boolean => status >= 500 || LATER.has(status);

/**
 * `Link: <…>; rel="next"`, also as platforms write it: with typographic quotes, `&amp;`, or http where a proxy
 * made https of it. The token goes to nobody but whom it was made for.
 * @returns undefined on the last page; null where the next one is not this platform's
 */
function nextPage({ headers }: OutboundResponse, from: URL): URL | null | undefined {
  const links = [headers.link ?? []].flat().join(', ');
  // Header bytes arrive one character each: a typographic quote is three.
  const next = /<([^<>]*)>\s*;[^<]*?\brel\s*=\s*["'\u201c\u201d\u0080-\u00ff]*next\b/i.exec(links)?.[1];
  if (next === undefined) return undefined;
  const address = next.replaceAll('&amp;', '&');
  if (!URL.canParse(address, from.href)) return null;
  const url = new URL(address, from.href);
  if (from.protocol === 'https:' && url.protocol === 'http:' && url.host === from.host)
    url.protocol = 'https:';
  return url.origin === from.origin ? url : null;
}

/**
 * Goes from page to page of a list.
 * @param read asks for a page and takes in what is on it
 * @param tooMany thrown where there are more than `most`
 * @returns whether that was all: false when pages led in a circle, or away from the platform
 */
export async function eachPage(
  first: URL,
  most: number,
  read: (url: string) => Promise<OutboundResponse>,
  tooMany: () => Error,
): Promise<boolean> {
  const seen = new Set<string>();
  for (let url = first; ;) {
    seen.add(url.href);
    if (seen.size > most) throw tooMany();
    const next = nextPage(await read(url.href), url);
    if (next === undefined) return true;
    if (next === null || seen.has(next.href)) return false;
    url = next;
  }
}

/** Retry-After: seconds or an HTTP date (RFC 9110, 10.2.3), as milliseconds from now. */
export function retryAfterOf(response: OutboundResponse, now: Date): number | undefined {
  const header = response.headers['retry-after'];
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  if (/^\d{1,7}$/.test(value)) return Number(value) * SECOND;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
