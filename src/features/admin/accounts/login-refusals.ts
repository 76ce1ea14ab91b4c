import { HOUR, MINUTE, SECOND, type Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import type { TriesRule, TriesStore } from './tries.store.js';

export const LOGIN_RULE: TriesRule = {
  free: 5,
  firstPause: 30 * SECOND,
  longestPause: 15 * MINUTE,
  forget: 24 * HOUR,
};
/** All that strangers try at one login, from any number of networks. */
export const ALL_NETWORKS_RULE: TriesRule = {
  free: 100,
  firstPause: 30 * SECOND,
  longestPause: 15 * MINUTE,
  forget: 24 * HOUR,
};
/** A whole school may share one address: only failures count there, and many are free. */
export const ADDRESS_RULE: TriesRule = {
  free: 40,
  firstPause: 30 * SECOND,
  longestPause: 15 * MINUTE,
  forget: HOUR,
};

/** i18n key of what is wrong, by the field that it stands beside. */
const REFUSED = {
  password: 'errors.field.loginRefused',
  code: 'errors.field.codeRefused',
  current: 'errors.field.passwordRefused',
} as const;

export const refused = (field: keyof typeof REFUSED): DomainError =>
  new DomainError('admin-login-refused', 401, { fields: { [field]: REFUSED[field] } });

/** Counts a try before its outcome is known. @throws DomainError `admin-login-paused` (429) on the field */
export async function claimTry(
  { tries, clock }: { readonly tries: Pick<TriesStore, 'claim'>; readonly clock: Clock },
  { what, rule, field }: { readonly what: string; readonly rule: TriesRule; readonly field: string },
): Promise<void> {
  const until = await tries.claim(what, rule, clock.now());
  if (until === null) return;
  const seconds = Math.max(1, Math.ceil((until.getTime() - clock.now().getTime()) / SECOND));
  throw new DomainError('admin-login-paused', 429, {
    retryAfter: seconds,
    fields: { [field]: 'errors.field.loginPaused' },
  });
}
