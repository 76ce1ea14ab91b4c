import { randomBytes } from 'node:crypto';
import { HOUR } from '../../src/shared/clock.js';
import type { AdjustableClock } from './clock.js';

export const SESSION_COOKIE = 'lms_session';

const newSecret = (): string => randomBytes(18).toString('base64url');

/** Who sits before the browser: session id → person. Not kept over a restart. */
export class Sessions {
  readonly #people = new Map<string, string>();

  start(personId: string): string {
    const id = newSecret();
    this.#people.set(id, personId);
    return id;
  }

  personId(sessionId: string | undefined): string | undefined {
    return sessionId === undefined ? undefined : this.#people.get(sessionId);
  }

  end(sessionId: string | undefined): void {
    if (sessionId !== undefined) this.#people.delete(sessionId);
  }
}

export type Message =
  | {
      readonly type: 'LtiResourceLinkRequest';
      readonly activityId: string;
      readonly target: 'iframe' | 'window';
    }
  | {
      readonly type: 'LtiSubmissionReviewRequest';
      readonly activityId: string;
      readonly studentId: string;
      readonly target: 'iframe' | 'window';
    }
  | {
      readonly type: 'LtiDeepLinkingRequest';
      readonly courseId: string;
      readonly title: string;
      readonly text: string;
      /** Finds the {@link Selection} when the tool comes back without a cookie. */
      readonly returnKey: string;
    };

/** A launch begun, waiting for the tool's authentication request. */
export interface PendingLaunch {
  /** `lti_message_hint`, to be returned byte for byte, once. */
  readonly hint: string;
  readonly personId: string;
  readonly toolId: string;
  readonly message: Message;
  readonly at: number;
}

/** A Deep Linking selection under way. */
export interface Selection {
  readonly personId: string;
  readonly courseId: string;
  readonly toolId: string;
}

const FORGET_AFTER = 4 * HOUR;

export class Launches {
  readonly #clock: AdjustableClock;
  readonly #pending = new Map<string, PendingLaunch>();
  readonly #selections = new Map<string, Selection>();

  constructor(clock: AdjustableClock) {
    this.#clock = clock;
  }

  /**
   * @param padding makes the hint as long as other LMSs have it
   * @param cmid the link's course module; absent in Deep Linking, as in Moodle's hint
   * @param linkId becomes part of the launch id
   */
  begin(
    launch: Omit<PendingLaunch, 'hint' | 'at'>,
    cmid: string | null,
    linkId: string,
    padding = '',
  ): PendingLaunch {
    // Digits only, as recorded, yet too many to guess.
    const launchid = `ltilaunch${linkId}_${BigInt(`0x${randomBytes(12).toString('hex')}`)}`;
    const hint = JSON.stringify({
      ...(cmid !== null && { cmid: Number(cmid) }),
      launchid,
      ...(padding !== '' && { padding }),
    });
    const now = this.#clock.now().getTime();
    for (const [key, old] of this.#pending) if (old.at + FORGET_AFTER < now) this.#pending.delete(key);
    const pending = { ...launch, hint, at: now };
    this.#pending.set(hint, pending);
    return pending;
  }

  /** Gives the launch out once. */
  take(hint: string): PendingLaunch | undefined {
    const pending = this.#pending.get(hint);
    this.#pending.delete(hint);
    return pending;
  }

  beginSelection(selection: Selection): string {
    const key = newSecret();
    this.#selections.set(key, selection);
    return key;
  }

  selection(key: string): Selection | undefined {
    return this.#selections.get(key);
  }

  /** After a good answer the key is spent. */
  endSelection(key: string): void {
    this.#selections.delete(key);
  }
}

/** What a bearer may do. Several deployments of one client share a token, as the client is who asked. */
export interface Grant {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
}

export const TOKEN_LIFETIME_SECONDS = 3_600;

export class AccessTokens {
  readonly #clock: AdjustableClock;
  readonly #grants = new Map<string, Grant>();
  readonly #usedAssertions = new Map<string, number>();

  constructor(clock: AdjustableClock) {
    this.#clock = clock;
  }

  issue(clientId: string, scopes: readonly string[]): string {
    const token = randomBytes(16).toString('hex');
    const expiresAt = this.#clock.now().getTime() + TOKEN_LIFETIME_SECONDS * 1000;
    this.#grants.set(token, { clientId, scopes, expiresAt });
    return token;
  }

  grant(token: string): Grant | undefined {
    const grant = this.#grants.get(token);
    return grant === undefined || grant.expiresAt <= this.#clock.now().getTime() ? undefined : grant;
  }

  /** Forgets every token given out: the next calls answer 401. */
  revokeAll(): void {
    this.#grants.clear();
  }

  /** True the first time this client shows this `jti`. */
  firstUse(clientId: string, jti: string, expiresAtSeconds: number): boolean {
    const now = this.#clock.now().getTime() / 1000;
    for (const [key, expiry] of this.#usedAssertions) if (expiry < now) this.#usedAssertions.delete(key);
    const key = JSON.stringify([clientId, jti]);
    if (this.#usedAssertions.has(key)) return false;
    this.#usedAssertions.set(key, expiresAtSeconds);
    return true;
  }
}
