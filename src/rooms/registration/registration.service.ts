import type { DynamicRegistration, PlatformOffer, Registered } from '../../lti/index.js';
import { DomainError } from '../../shared/errors.js';
import type { InvitationsStore } from './invitations.store.js';

/** What the platform's browser brings (Dynamic Registration 1.0, section 3.2), and our invitation. */
export interface Asked {
  readonly invitation: string;
  readonly openidConfiguration: string;
  readonly registrationToken: string;
}

export interface Offer {
  readonly platform: PlatformOffer;
  /** Launches may come at once; else an administrator is to approve first. */
  readonly expected: boolean;
}

export interface RegistrationService {
  /**
   * Makes a link for one registration within 24 hours.
   * @param issuer of the platform that is expected; '' for any, who then waits for approval
   */
  invite(issuer: string): Promise<{ url: string; expiresAt: Date }>;
  /** Who asks, and for what. @throws DomainError `registration-link` (404); what the platform does wrong (4xx, 502) */
  offer(asked: Asked): Promise<Offer>;
  /** Registers each with the other. @throws as `offer`; `lti-registration-refused` (502), and the link stays good */
  register(asked: Asked): Promise<Offer & Registered>;
}

export interface RegistrationServiceDeps {
  readonly invitations: InvitationsStore;
  readonly dynamicRegistration: DynamicRegistration;
  readonly publicUrl: string;
}

export function createRegistrationService(deps: RegistrationServiceDeps): RegistrationService {
  const { invitations, dynamicRegistration, publicUrl } = deps;
  const noLink = (): DomainError => new DomainError('registration-link', 404);
  return {
    async invite(issuer) {
      const { token, expiresAt } = await invitations.make(issuer);
      const url = new URL('/lti/register', publicUrl);
      url.searchParams.set('invitation', token);
      return { url: url.href, expiresAt };
    },
    async offer({ invitation, openidConfiguration }) {
      // First of all: whoever has no link makes us ask nobody.
      const found = await invitations.findOptional(invitation);
      if (found === null) throw noLink();
      const platform = await dynamicRegistration.look(openidConfiguration);
      return { platform, expected: found.issuer === platform.issuer };
    },
    async register({ invitation, openidConfiguration, registrationToken }) {
      const used = await invitations.use(invitation);
      if (used === null) throw noLink();
      try {
        const platform = await dynamicRegistration.look(openidConfiguration);
        const expected = used.issuer === platform.issuer;
        return {
          platform,
          expected,
          ...(await dynamicRegistration.register(platform, registrationToken, expected)),
        };
      } catch (error) {
        await invitations.giveBack(invitation);
        throw error;
      }
    },
  };
}
