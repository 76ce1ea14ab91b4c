import { MINUTE, SECOND } from '../../shared/clock.js';

/** By how much the platform's clock may differ from ours, ahead or behind: for `iat`, `nbf` and `exp` alike. */
export const CLOCK_TOLERANCE_MS = MINUTE;

/** Times of a token, seconds since 1970. */
export interface TokenTimes {
  readonly iat: number;
  readonly exp: number;
  readonly nbf?: number | undefined;
}

/**
 * Returns what is wrong with the times of a token, or null. https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
 * @param now ms since 1970
 */
export function timeProblem({ iat, exp, nbf }: TokenTimes, now: number): 'expired' | 'future' | null {
  if (exp * SECOND + CLOCK_TOLERANCE_MS <= now) return 'expired';
  return Math.max(iat, nbf ?? -Infinity) * SECOND - CLOCK_TOLERANCE_MS > now ? 'future' : null;
}

/** Returns true if the times are right only within the tolerance, which ltijs does not have. */
export const needsTolerance = ({ exp, nbf }: TokenTimes, now: number): boolean =>
  exp * SECOND <= now || (nbf !== undefined && nbf * SECOND > now);
