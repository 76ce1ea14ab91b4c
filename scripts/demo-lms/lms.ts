import type { AdjustableClock } from './clock.js';
import type { Faults } from './faults.js';
import type { Tool } from './model.js';
import type { Oddities } from './oddities.js';
import type { ToolKeys } from './platform/tool-jwt.js';
import type { AccessTokens, Launches, Sessions } from './sessions.js';
import type { LmsState } from './state.js';

/** A score as it came in, kept for tests and the diagnostics of a demo. */
export interface ReceivedScore {
  /** The LMS's own time of receipt. */
  readonly at: Date;
  readonly columnId: string;
  readonly clientId: string;
  /** Exactly what was sent. */
  readonly raw: string;
  /** Parsed, when it was JSON. */
  readonly body: unknown;
  /** What was answered, before any fault replaced the answer. */
  readonly status: number;
  /** True when the gradebook took it. */
  readonly applied: boolean;
}

/** Everything the parts of one running LMS share. */
export interface Lms {
  readonly state: LmsState;
  readonly clock: AdjustableClock;
  readonly faults: Faults;
  readonly sessions: Sessions;
  readonly launches: Launches;
  readonly tokens: AccessTokens;
  readonly toolKeys: ToolKeys;
  readonly scoreLog: ReceivedScore[];
  /**
   * Refuse also what the specifications forbid though the recorded Moodle lets it pass: a client assertion
   * for another audience, without `jti` or shown twice; a Deep Linking response for another audience or
   * deployment, without a nonce or shown twice.
   */
  readonly strict: boolean;
  /**
   * Which page keeps data for tools (Client Side postMessages 1.0): `_parent`, the page around the tool's frame; a
   * name, a hidden frame in it; null, none. Offered at login as `lti_storage_target`.
   */
  storageTarget: string | null;
  /** Lets a tool read and change its own registration (RFC 7592), which the recorded platform does not. */
  managesRegistrations: boolean;
  /** How it differs from the recorded platform now. */
  readonly oddities: Oddities;
  /** `iss`, and the base of every URL: http://127.0.0.1:4100, without a slash at the end. */
  origin(): string;
}

export const activeTools = (lms: Lms): Tool[] =>
  lms.state.data.tools.filter((tool) => tool.state === 'active');
