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

type Framing = Pick<Registration, 'issuer' | 'authUrl' | 'frameOrigins'>;

/** Registrations are read every other second, and each launch asks several times. */
const origins = new WeakMap<Framing, readonly string[]>();

/** Returns the origins that may frame a platform's launches: its issuer's, its login page's and the added ones. */
export function originsOf(registration: Framing): readonly string[] {
  let found = origins.get(registration);
  if (found === undefined) {
    const addresses = [registration.issuer, registration.authUrl, ...registration.frameOrigins];
    found = [...new Set(addresses.flatMap((address) => webOrigin(address) ?? []))];
    origins.set(registration, found);
  }
  return found;
}
