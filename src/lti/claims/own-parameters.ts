import { platformOf } from '../platforms/index.js';
import type { Registration } from '../registrations/registrations.store.js';

/**
 * Custom parameters that say something of a person or a course, rather than of a link. The author of a link can type any
 * of them, so that they count only where the platform speaks.
 * https://www.imsglobal.org/spec/lti/v1p3#custom-properties-and-variable-substitution
 */
export const OWN_PARAMETERS = ['context_history', 'groups', 'middle_name'] as const;
export type OwnParameter = (typeof OWN_PARAMETERS)[number];

export const isOwnParameter = (name: string): name is OwnParameter =>
  OWN_PARAMETERS.some((parameter) => parameter === name);

type Facts = Pick<Registration, 'ownParameters' | 'product' | 'issuer' | 'authUrl'>;

/**
 * Returns a custom parameter if it is the platform's own word: the registration holds it, and the platform lets the
 * tool's parameters win over a link's. For the patronymic the administrator's mark alone suffices. An LMS that does not
 * know a variable sends it as it is written.
 */
export function platformWord(
  registration: Facts,
  custom: ReadonlyMap<string, string>,
  name: OwnParameter,
): string | undefined {
  const value = custom.get(name);
  if (value === undefined || value.startsWith('$') || !registration.ownParameters.includes(name))
    return undefined;
  return name === 'middle_name' || platformOf(registration).toolParametersWin ? value : undefined;
}
