import { badInput } from '../../shared/errors.js';
import { webOrigin } from '../../shared/origins.js';
import { OutboundError, type Outbound } from '../transport/outbound.js';
import type { Registration } from './registrations.store.js';

export type RegistrationAddresses = ReturnType<typeof registrationAddresses>;

/** Makes the checks of a registration's addresses; each throws `bad-input` naming the field. */
export function registrationAddresses(outbound: Outbound) {
  function address(field: string, value: string): string {
    try {
      return outbound.check(value).href;
    } catch (error) {
      const key =
        error instanceof OutboundError && error.reason === 'private-address'
          ? 'privateAddress'
          : 'httpsAddress';
      throw badInput({ [field]: `errors.field.${key}` });
    }
  }

  return {
    address,
    frameOrigin: (value: string): string => {
      const origin = webOrigin(address('frameOrigins', value));
      if (origin === null) throw badInput({ frameOrigins: 'errors.field.wrong' });
      return origin;
    },
    /** Requires the issuer's own host. https://www.imsglobal.org/spec/lti-dr/v1p0#lti-configuration */
    configurationUrl: (issuer: string, value: string | null | undefined): string | null => {
      if (value === null || value === undefined || value === '') return null;
      const checked = address('configurationUrl', value);
      if (new URL(checked).host !== new URL(issuer).host) {
        throw badInput({ configurationUrl: 'errors.field.wrong' });
      }
      return checked;
    },
  };
}

/** Returns the origins that may frame a platform's launches: its issuer's, its login page's and the added ones. */
export function originsOf(registration: Pick<Registration, 'issuer' | 'authUrl' | 'frameOrigins'>): string[] {
  const origins = [registration.issuer, registration.authUrl, ...registration.frameOrigins].flatMap(
    (address) => webOrigin(address) ?? [],
  );
  return [...new Set(origins)];
}
