import { DomainError } from '../../shared/errors.js';
import { oneLine } from '../../shared/lines.js';

/** What reached us, cut to a readable length; only names that may be shown are ever put in. */
export type Received = Readonly<Record<string, string>>;

const LONGEST_SHOWN = 200;

/**
 * Refuses an LTI message: a page (or problem+json) with a code, never a redirect.
 * @param received values worth showing to whoever set up the link; no tokens, no names of people
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
              value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value,
            ]),
          ),
        },
    { cause },
  );
}
