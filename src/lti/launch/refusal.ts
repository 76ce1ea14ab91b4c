import { DomainError } from '../../shared/errors.js';
import { cutText, oneLine } from '../../shared/lines.js';

/** Received values that may be shown, by name. */
export type Received = Readonly<Record<string, string>>;

const MAX_SHOWN_LENGTH = 200;

/**
 * Returns the error that refuses an LTI message: a page or problem+json with a code, never a redirect.
 * @param received values that help an administrator; no tokens and no names of people
 */
export function refuse(
  code: `lti-${string}`,
  status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 502,
  received: Received = {},
  cause?: unknown,
): DomainError {
  const shown = Object.entries(received)
    .map(([name, value]) => [name, oneLine(value)] as const)
    .filter(([, value]) => value !== '');
  return new DomainError(
    code,
    status,
    shown.length === 0
      ? {}
      : {
          received: Object.fromEntries(
            shown.map(([name, value]) => [
              name,
              value.length > MAX_SHOWN_LENGTH ? `${cutText(value, MAX_SHOWN_LENGTH)}…` : value,
            ]),
          ),
        },
    { cause },
  );
}
