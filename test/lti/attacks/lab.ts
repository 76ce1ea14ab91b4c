import { createHash, createSign, type KeyObject } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Registration } from '../../../src/lti/index.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import {
  Browser,
  launchLink,
  type Claims,
  type DemoLms,
  type LinkLaunch,
  type TokenOnTheWay,
} from '../../support/lms.js';
import { listening } from '../../support/listening.js';

/** `403 lti-state`, or `303` alone where the attack came in. */
export type Answer = string;

export interface Attack {
  readonly name: string;
  /** What must be answered; by every one of the answers, where the attack has several tries. */
  readonly answer: Answer;
  run(lab: Lab): Promise<Answer | readonly Answer[]>;
}

/** What a stolen, kept or repeated launch is made of. */
export interface Held {
  readonly posted: Readonly<Record<string, string>>;
  readonly browser: Browser;
}

const STUDENT = { person: '101', course: '2' } as const;

/** Goes through a launch up to its last step, which is left to the caller. */
export async function holdLaunch(lms: DemoLms): Promise<Held> {
  const browser = new Browser({ framedBy: lms.origin });
  let posted: Record<string, string> = {};
  await launchLink(lms, {
    ...STUDENT,
    browser,
    forge: ({ jwt, state }) => {
      posted = { id_token: jwt, state };
      return 'not.sent.now';
    },
    changePost: { state: undefined },
  });
  return { posted, browser };
}

/** `errors/problem.ejs` and problem+json both say the code. */
export function answerOf({ status, text }: { status: number; text: string }): Answer {
  const code =
    /<footer>\s*<small>[^<]*?([a-z]+(?:-[a-z]+)+) ·/.exec(text)?.[1] ??
    /"code":"([a-z-]+)"/.exec(text)?.[1] ??
    '';
  return `${status} ${code}`.trim();
}

export const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs what no library that keeps to the rules would sign. */
export function signed(header: object, claims: object, key: KeyObject): string {
  const head = `${encoded(header)}.${encoded(claims)}`;
  return `${head}.${createSign('sha256').update(head).sign(key, 'base64url')}`;
}

/** A testApp to attack, and an attacker's own web server. */
export class Lab {
  #servers: Server[] = [];

  private constructor(readonly testApp: TestApp) {}

  static async open(): Promise<Lab> {
    return new Lab(await startTestApp());
  }

  /** A whole launch with something changed on its way. */
  async launch(changes: Partial<LinkLaunch>): Promise<Answer> {
    const { response } = await launchLink(this.testApp.lms, { ...STUDENT, follow: false, ...changes });
    return answerOf(response);
  }

  /** A launch whose token the platform itself signed, with these claims instead of its own. */
  claims(change: (honest: Claims) => Claims): Promise<Answer> {
    return this.launch({ forge: ({ claims }) => ({ ...claims, ...change(claims) }) });
  }

  token(forge: (honest: TokenOnTheWay) => string | Promise<string>): Promise<Answer> {
    return this.launch({ forge });
  }

  /** A launch stopped just before its last step. */
  hold(): Promise<Held> {
    return holdLaunch(this.testApp.lms);
  }

  /** The last step. */
  async post(
    browser: Browser,
    posted: Readonly<Record<string, string>>,
    origin = this.testApp.origin,
  ): Promise<Answer> {
    const from = this.testApp.lms.origin;
    return answerOf(await browser.post(`${origin}/lti/launch`, posted, { from, follow: false }));
  }

  /** A browser that has not been here yet. */
  another(): Browser {
    return new Browser({ framedBy: this.testApp.lms.origin });
  }

  /** Anything at all, from nobody. */
  async send(
    path: string,
    init: Omit<RequestInit, 'headers'> & { form?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { form, ...rest } = init;
    const response = await fetch(`${this.testApp.origin}${path}`, {
      redirect: 'manual',
      ...(form !== undefined && { method: 'POST', body: form }),
      ...rest,
      headers: {
        accept: 'application/json',
        // A browser that has been here before, and is not asked whether it keeps cookies.
        cookie: 'cookies=1',
        ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...rest.headers,
      },
    });
    return answerOf({ status: response.status, text: await response.text() });
  }

  login(params: Readonly<Record<string, string>>): Promise<Answer> {
    return this.send(`/lti/login?${new URLSearchParams({ ...this.honestLogin(), ...params }).toString()}`);
  }

  honestLogin(): Record<string, string> {
    return {
      iss: this.testApp.lms.origin,
      client_id: this.testApp.registration.clientId,
      login_hint: '5',
      target_link_uri: `${this.testApp.origin}/lti/launch`,
    };
  }

  /** The same LMS registers the tool once more, with another client id, deployment and perhaps key set. */
  async secondClient(jwksUrl = this.testApp.registration.jwksUrl): Promise<{
    registration: Registration;
    link: string;
  }> {
    const { lms, app, origin, registration } = this.testApp;
    const tool = lms.control.registerTool({ url: origin });
    const added = await app.lti.registrations.add({
      issuer: lms.origin,
      clientId: tool.clientId,
      authUrl: registration.authUrl,
      tokenUrl: registration.tokenUrl,
      jwksUrl,
      deployments: [tool.deploymentId],
    });
    return { registration: added, link: lms.control.homeLink('2', tool.id).id };
  }

  /** A web server of the attacker. @returns its origin */
  async serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    this.#servers.push(server);
    return listening(server);
  }

  /** A launch of a client whose key set is answered by this. */
  async withKeySet(listener: RequestListener, changes: Partial<LinkLaunch> = {}): Promise<Answer> {
    const origin = await this.serve(listener);
    const { link } = await this.secondClient(`${origin}/jwks`);
    return this.launch({ link, ...changes });
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
    await this.testApp.close();
  }
}

/** A key id that looks like any other. */
export const kidOf = (what: string): string => createHash('sha256').update(what).digest('hex').slice(0, 20);
