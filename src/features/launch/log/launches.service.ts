import type { Logger } from 'pino';
import { CLAIM, type LaunchResult } from '../../../lti/index.js';
import { DomainError } from '../../../shared/errors.js';
import type {
  LaunchFilter,
  LaunchesStore,
  LoggedLaunch,
  NewLoggedLaunch,
  PreparedLaunch,
} from './launches.store.js';
import { keptClaims } from './masking.js';

export interface LaunchLogDeps {
  readonly store: LaunchesStore;
  readonly log: Logger;
  /** For the marks that stand in the place of people. */
  readonly pepper: string;
}

export interface LaunchPage {
  readonly launches: readonly LoggedLaunch[];
  readonly page: number;
  readonly pages: number;
}

const PAGE = 50;
/** A thousand in all. Unverified launches have their own share, so that a flood cannot push out the rest. */
const MOST_VERIFIED = 800;
const MAX_UNVERIFIED = 200;
export const MAX_PAGES = (MOST_VERIFIED + MAX_UNVERIFIED) / PAGE;

/** Characters of claims that are kept of one launch. What no platform has signed can come from any visitor. */
const MOST_VERIFIED_TEXT = 32_000;
const MOST_UNVERIFIED_TEXT = 6_000;

const FLUSH_MS = 500;
/** Above it, between two writes, the log has gaps rather than the application no memory. */
const MOST_WAITING = 500;
const MOST_WAITING_BYTES = 2_000_000;
/** How many come on top before the oldest are forgotten. */
const TRIM_EVERY = 50;

/**
 * The last launches, and what became of each. Written behind the answers, many at a time: a launch waits for
 * nothing here, and what fails here fails no launch. A killed process loses half a second of it.
 */
export class LaunchLog {
  #waiting: PreparedLaunch[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #untrimmed = TRIM_EVERY;
  #started = false;

  constructor(private readonly deps: LaunchLogDeps) {}

  start(): void {
    this.#started = true;
  }

  async stop(): Promise<void> {
    this.#started = false;
    await this.flush();
  }

  record(result: LaunchResult): void {
    try {
      this.#keep(result);
    } catch (error) {
      this.deps.log.error({ err: error }, 'a launch could not be logged');
    }
    if (!this.#started || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      void this.flush();
    }, FLUSH_MS).unref();
  }

  #keep(result: LaunchResult): void {
    if (this.#waiting.length >= MOST_WAITING || this.#waitingBytes >= MOST_WAITING_BYTES) return;
    const launch = this.deps.store.prepare(logged(result, this.deps.pepper));
    this.#waiting.push(launch);
    this.#waitingBytes += launch.bytes;
  }

  /** Writes what waits. Never fails: the log of launches is worth no launch. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() =>
      this.#write().catch((error: unknown) => {
        this.deps.log.error({ err: error }, 'launches could not be logged');
      }),
    );
    return this.#writing;
  }

  /** @param page from 1 */
  async read(filter: LaunchFilter, page: number): Promise<LaunchPage> {
    await this.flush();
    const { launches, total } = await this.deps.store.read(filter, (page - 1) * PAGE, PAGE);
    return { launches, page, pages: Math.min(MAX_PAGES, Math.max(1, Math.ceil(total / PAGE))) };
  }

  /** All that match: the log holds a thousand. */
  async readAll(filter: LaunchFilter): Promise<LoggedLaunch[]> {
    await this.flush();
    return (await this.deps.store.read(filter, 0, MAX_PAGES * PAGE)).launches;
  }

  findOptional(id: string): Promise<LoggedLaunch | null> {
    return this.deps.store.findOptional(id);
  }

  async #write(): Promise<void> {
    const launches = this.#waiting;
    if (launches.length === 0) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.deps.store.append(launches);
    this.#untrimmed += launches.length;
    if (this.#untrimmed < TRIM_EVERY) return;
    this.#untrimmed = 0;
    await this.deps.store.trim(true, MOST_VERIFIED);
    await this.deps.store.trim(false, MAX_UNVERIFIED);
  }
}

function logged(result: LaunchResult, pepper: string): NewLoggedLaunch {
  const { at, stage, refusal, registration, payload, loginIn, milliseconds, req } = result;
  const claims = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>;
  const code = refusal === null ? '' : codeOf(refusal);
  return {
    at,
    stage,
    requestId: req.page.id,
    registrationId: registration?.id ?? '',
    accepted: refusal === null,
    code,
    received: Object.entries(
      (refusal instanceof DomainError ? refusal.details.received : undefined) ?? {},
    ).map(([name, value]) => ({ name, value })),
    verified: result.verified === true,
    loginIn: loginIn ?? (code === 'lti-state-cookie' ? 'lost' : ''),
    messageType: text(claims[CLAIM.messageType]),
    deployment: text(claims[CLAIM.deploymentId]),
    services: servicesIn(claims),
    claims: keptClaims(payload, pepper, result.verified === true ? MOST_VERIFIED_TEXT : MOST_UNVERIFIED_TEXT),
    unreadable: result.unreadable ?? [],
    milliseconds: Math.round(milliseconds * 10) / 10,
  };
}

const codeOf = (refusal: unknown): string => (refusal instanceof DomainError ? refusal.code : 'internal');
const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 255) : '');

/** What the platform offers, by the last words of scopes and the names of services. */
function servicesIn(claims: Readonly<Record<string, unknown>>): string[] {
  const ags = claims[CLAIM.ags] as { scope?: unknown; lineitem?: unknown } | null | undefined;
  const scopes = Array.isArray(ags?.scope) ? (ags.scope as unknown[]) : [];
  return [
    ...scopes.slice(0, 10).map((scope) => `AGS ${text(scope).split('/').at(-1) ?? ''}`),
    ...(typeof ags?.lineitem === 'string' && ags.lineitem !== '' ? ['AGS line item'] : []),
    ...(claims[CLAIM.nrps] ? ['NRPS'] : []),
    ...(claims[CLAIM.groups] ? ['Groups'] : []),
    ...(claims[CLAIM.notices] ? ['PNS'] : []),
  ];
}
