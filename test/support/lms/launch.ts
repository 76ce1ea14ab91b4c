import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { DemoLms, Initiation } from '../../../scripts/demo-lms/index.js';
import type { PageForm } from '../../../scripts/demo-lms/forms.js';
import { Browser, type BrowserResponse } from '../../../scripts/demo-lms/browser.js';
import type { Claims } from './fixtures.js';

/** An honest id_token, on its way to the tool. */
export interface TokenOnTheWay {
  readonly jwt: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Claims;
  readonly state: string;
}

export interface LaunchOptions {
  /** Who sits before the browser. */
  readonly person: string;
  /** What is opened; for a link, `initiate.link(lms, …)` and its like are at hand. */
  readonly initiation: Initiation;
  /** A new one, with everything in a frame of the LMS, unless given. */
  readonly browser?: Browser;
  /** Changes the initiation's fields; a member set to undefined is left out. */
  readonly changeInitiation?: Readonly<Record<string, string | undefined>>;
  /** Changes the address of the tool's authentication request before the LMS sees it. */
  readonly changeAuthentication?: (url: URL) => void;
  /** Replaces the token: claims to sign in place of the honest ones, or a whole JWT. */
  readonly forge?: (honest: TokenOnTheWay) => Claims | string | Promise<Claims | string>;
  /** Changes the fields posted to the tool's launch address; a member set to undefined is left out. */
  readonly changePost?: Readonly<Record<string, string | undefined>>;
  /** False keeps the answer of the launch address itself, before its redirect. */
  readonly follow?: boolean;
}

export interface LaunchResult {
  /** What the tool shows in the end. */
  readonly response: BrowserResponse;
  readonly browser: Browser;
  /** The tool's authentication request; null when it never came to one. */
  readonly authentication: URL | null;
  /** What was posted to the launch address; null when it never came to that. */
  readonly post: { readonly action: string; readonly fields: Readonly<Record<string, string>> } | null;
}

const MOST_STEPS = 6;

const changed = (
  fields: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...fields, ...changes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

/** A form the next step of a launch would send by itself. */
const passing = (page: BrowserResponse): PageForm | undefined =>
  page.forms.find(
    ({ fields }) =>
      'id_token' in fields || 'error' in fields || 'repost' in fields || 'lti_message_hint' in fields,
  );

async function forged(
  lms: DemoLms,
  fields: Readonly<Record<string, string>>,
  forge: NonNullable<LaunchOptions['forge']>,
): Promise<Record<string, string>> {
  const jwt = fields.id_token;
  if (jwt === undefined) return { ...fields };
  const made = await forge({
    jwt,
    header: decodeProtectedHeader(jwt),
    claims: decodeJwt(jwt),
    state: fields.state ?? '',
  });
  return { ...fields, id_token: typeof made === 'string' ? made : await lms.control.signIdToken(made) };
}

/**
 * Plays the browser through a launch: initiation, the tool's redirect, authentication, the posted form, the
 * tool's redirect. Stops early where the tool or the LMS answers with a page of its own.
 */
export async function launch(lms: DemoLms, options: LaunchOptions): Promise<LaunchResult> {
  const browser = options.browser ?? new Browser({ framedBy: lms.origin });
  browser.setCookie(lms.origin, `${lms.control.actAs(options.person).cookie}; SameSite=Lax`);
  const { action, fields } = options.initiation;
  let page = await browser.post(action, changed(fields, options.changeInitiation), {
    from: lms.origin,
    follow: false,
  });
  let from = lms.origin;
  let authentication: URL | null = null;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const location = page.headers.get('location');
    const form = passing(page);
    if (location !== null) {
      const url = new URL(location, page.url);
      if (url.origin === lms.origin && url.pathname.endsWith('/auth.php')) {
        options.changeAuthentication?.(url);
        authentication = url;
      }
      page = await browser.get(url.href, { from, follow: false });
    } else if (form !== undefined && ('id_token' in form.fields || 'error' in form.fields)) {
      const honest =
        options.forge === undefined ? form.fields : await forged(lms, form.fields, options.forge);
      const post = { action: form.action, fields: changed(honest, options.changePost) };
      const follow = options.follow ?? true;
      const response = await browser.post(post.action, post.fields, { from: lms.origin, follow });
      return { response, browser, authentication, post };
    } else if (form !== undefined) {
      from = new URL(page.url).origin;
      page = await browser.post(form.action, form.fields, { from, follow: false });
    } else {
      break;
    }
  }
  return { response: page, browser, authentication, post: null };
}

export interface LinkLaunch extends Omit<LaunchOptions, 'initiation'> {
  readonly course: string;
  /** The course's home link unless given. */
  readonly link?: string;
  readonly target?: 'iframe' | 'window';
}

/** Opens a link of a course: {@link launch} with its initiation. */
export function launchLink(
  lms: DemoLms,
  { course, link, target, ...options }: LinkLaunch,
): Promise<LaunchResult> {
  const id = link ?? lms.control.homeLink(course).id;
  const initiation = lms.control.initiation(
    options.person,
    course,
    id,
    target === undefined ? {} : { target },
  );
  return launch(lms, { ...options, initiation });
}

/** Begins Deep Linking. */
export function launchSelection(
  lms: DemoLms,
  { course, tool, ...options }: Omit<LaunchOptions, 'initiation'> & { course: string; tool?: string },
): Promise<LaunchResult> {
  const initiation = lms.control.selection(
    options.person,
    course,
    tool === undefined ? {} : { toolId: tool },
  );
  return launch(lms, { ...options, initiation });
}

/** Opens a student's work from the gradebook. */
export function launchReview(
  lms: DemoLms,
  {
    course,
    link,
    student,
    ...options
  }: Omit<LaunchOptions, 'initiation'> & { course: string; link: string; student: string },
): Promise<LaunchResult> {
  const initiation = lms.control.review(options.person, course, link, student);
  return launch(lms, { ...options, initiation });
}

/**
 * Sends the form with which a tool ends Deep Linking, found on its page, to the LMS.
 * @throws Error when the page has no such form
 */
export async function returnSelection(browser: Browser, page: BrowserResponse): Promise<BrowserResponse> {
  const form = page.forms.find(({ fields }) => 'JWT' in fields);
  if (form === undefined) throw new Error(`no Deep Linking response on ${page.url} (status ${page.status})`);
  return browser.submit(page, form);
}
