/** What can be told to fail, and is counted. */
export const SERVICES = [
  'jwks',
  'token',
  'lineitems',
  'scores',
  'results',
  'nrps',
  'groups',
  'notices',
] as const;
export type Service = (typeof SERVICES)[number];

export interface Fault {
  /** Waits so long first, in milliseconds of the real clock. Alone: slow, but well. */
  delayMs?: number;
  /** Answers with this status instead. */
  status?: number;
  /** Value of Retry-After: seconds, or an HTTP date. */
  retryAfter?: number | string;
  /** Text of the answer; a short one by default. */
  body?: string;
  contentType?: string;
  /** Further headers of the answer. */
  headers?: Readonly<Record<string, string>>;
  /** `cut` ends the connection without an answer, `silence` never answers. */
  connection?: 'cut' | 'silence';
  /**
   * `before` (default): the service does nothing. `after`: it does its work, and the answer is lost or
   * replaced, so that the caller cannot know.
   */
  when?: 'before' | 'after';
  /** For so many calls, then all is well again. Without `times` and `probability`: until `clear()`. */
  times?: number;
  /** Strikes at random with this chance from 0 to 1. */
  probability?: number;
  /** Makes the chance repeatable; 1 by default. */
  seed?: number;
}

interface Armed {
  readonly fault: Fault;
  left: number;
  readonly random: () => number;
}

/** mulberry32: small, fast, repeatable. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const noCalls = (): Record<Service, number> =>
  Object.fromEntries(SERVICES.map((service) => [service, 0])) as Record<Service, number>;

export class Faults {
  readonly #armed = new Map<Service, Armed[]>();
  #calls = noCalls();

  /** Adds a fault; several for one service strike in turn, each until it is used up. */
  fail(service: Service, fault: Fault): void {
    const list = this.#armed.get(service) ?? [];
    list.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, random: generator(fault.seed ?? 1) });
    this.#armed.set(service, list);
  }

  /** Takes away the faults of one service, or all. */
  clear(service?: Service): void {
    if (service === undefined) this.#armed.clear();
    else this.#armed.delete(service);
  }

  /** Calls received since the start or `resetCalls()`, failed ones included. */
  get calls(): Readonly<Record<Service, number>> {
    return { ...this.#calls };
  }

  resetCalls(): void {
    this.#calls = noCalls();
  }

  /** Counts a call, and says which fault strikes it. */
  strike(service: Service): Fault | null {
    this.#calls[service] += 1;
    const list = this.#armed.get(service) ?? [];
    const armed = list.find((candidate) => candidate.left > 0);
    if (armed === undefined) return null;
    const { probability } = armed.fault;
    if (probability !== undefined && armed.random() >= probability) return null;
    armed.left -= 1;
    return armed.fault;
  }
}
