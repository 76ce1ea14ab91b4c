/** What a person's browser does between two clicks. */
import type { Browser, BrowserResponse } from '../demo-lms/browser.js';

const MOST_STEPS = 8;

/** Forms that a page sends by itself: initiation, authentication, launch. */
const AUTOMATIC = ['lti_message_hint', 'id_token', 'error', 'repost'];

/** Follows forms that send themselves, until a page waits for the person. */
export async function passOn(browser: Browser, first: BrowserResponse): Promise<BrowserResponse> {
  let page = first;
  for (let step = 0; step < MOST_STEPS; step++) {
    const form = page.forms.find(({ fields }) => AUTOMATIC.some((name) => name in fields));
    if (form === undefined) return page;
    page = await browser.submit(page, form);
  }
  throw new Error(`the launch does not come to an end: ${page.url}`);
}

/** Loads what the page shows in its frame. */
export async function framed(browser: Browser, page: BrowserResponse): Promise<BrowserResponse> {
  const source = /<iframe[^>]*\ssrc="([^"]+)"/.exec(page.text)?.[1];
  if (source === undefined) throw new Error(`no frame on ${page.url}`);
  const url = new URL(source.replaceAll('&amp;', '&'), page.url);
  return passOn(browser, await browser.get(url.href, { from: new URL(page.url).origin }));
}

/** The same page as data. */
export async function json(browser: Browser, url: string): Promise<unknown> {
  const { origin } = new URL(url);
  const answer = await browser.get(url, { from: origin, headers: { accept: 'application/json' } });
  if (answer.status !== 200) throw new Error(`${answer.status} at ${url}: ${answer.text.slice(0, 300)}`);
  return JSON.parse(answer.text) as unknown;
}

/** Sends the form of this page with that action, with further fields; a name may stand twice. */
export async function submitPage(
  browser: Browser,
  page: BrowserResponse,
  action: string,
  more: readonly (readonly [string, string])[],
): Promise<BrowserResponse> {
  const form = page.forms.find((form) => new URL(form.action).pathname === action);
  if (form === undefined) throw new Error(`no form to ${action} on ${page.url}`);
  const names = new Set(more.map(([name]) => name));
  const body = new URLSearchParams([
    ...Object.entries(form.fields).filter(([name]) => !names.has(name)),
    ...more.map(([name, value]): [string, string] => [name, value]),
  ]);
  return browser.request(form.action, {
    method: 'POST',
    body: body.toString(),
    from: new URL(page.url).origin,
  });
}
