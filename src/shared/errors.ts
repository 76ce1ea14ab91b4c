/**
 * What a person did that cannot be done, or asked for that is not there. Thrown anywhere below the
 * handlers, shown once, by web/error-handler.ts: as a page, or as problem+json (RFC 9457).
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  /**
   * @param code kebab-case, stable; its texts are `errors.<code>.title` and `.text` in i18n
   * @param status HTTP status, 4xx (5xx only where another system failed us)
   * @param details `fields`: input field → i18n key of what is wrong with it; `params`: values for the texts
   */
  constructor(
    readonly code: string,
    readonly status: number,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

export interface ErrorDetails {
  readonly fields?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string | number>>;
  /** What reached us, shown back to the person as text: name → value. Never secrets or tokens. */
  readonly received?: Readonly<Record<string, string>>;
  /** Seconds after which trying again makes sense; becomes Retry-After. */
  readonly retryAfter?: number;
}

/** 400: the input names a field that is missing or wrong. */
export const badInput = (fields: Readonly<Record<string, string>>): DomainError =>
  new DomainError('bad-input', 400, { fields });

/** 403: the actor may not do this. */
export const forbidden = (code = 'forbidden'): DomainError => new DomainError(code, 403);

/** 404: there is no such thing in the actor's course. The same answer for "exists elsewhere". */
export const notFound = (code = 'not-found'): DomainError => new DomainError(code, 404);

/** 409: it could be done a moment ago, or under other circumstances. */
export const conflict = (code: string, params?: ErrorDetails['params']): DomainError =>
  new DomainError(code, 409, params ? { params } : {});

/** Makes a switch over a union fail to compile when a member is added. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
