import {
  registrationStale,
  type Lti,
  type PlatformOffer,
  type Registered,
  type Registration,
} from '../../../../lti/index.js';
import { DomainError } from '../../../../shared/errors.js';
import { fingerprint } from '../../../../shared/ids.js';
import { changed, type Audit, type AuditAction, type AuditValues } from '../../../../infra/audit/index.js';
import type { Invitation, InvitationsStore } from './invitations.store.js';
import { registrationSubject, registrationValues } from './registration.values.js';

/** What the platform's browser brings (Dynamic Registration 1.0, section 3.2), and our invitation. */
export interface Asked {
  readonly invitation: string;
  readonly openidConfiguration: string;
  readonly registrationToken: string;
  /** `version` of the offer that was shown; '' for a new registration. */
  readonly seen: string;
}

export interface Offer {
  readonly platform: PlatformOffer;
  /** Launches may come at once; else an administrator is to approve first. */
  readonly expected: boolean;
  /** What is registered, where this is to take its place. */
  readonly before: Registration | null;
  /** Stands for the change as it was shown; '' for a new registration. */
  readonly version: string;
}

export interface RegistrationService {
  /**
   * Makes a link for one registration within 24 hours.
   * @param issuer of the platform that is expected; '' for any, who then waits for approval
   */
  invite(issuer: string): Promise<{ url: string; expiresAt: Date }>;
  /** The same, for the platform of this registration to renew it. */
  inviteToRenew(registration: Registration): Promise<{ url: string; expiresAt: Date }>;
  /**
   * Who asks, and for what.
   * @throws DomainError `registration-link` (404); `lti-registration-other-issuer` (409); what the platform does
   *   wrong (4xx, 502)
   */
  offer(asked: Asked): Promise<Offer>;
  /**
   * Registers each with the other.
   * @throws as `offer`; `lti-registration-refused` (502), `registration-client-taken` (409), and `registration-stale`
   *   (409) where the change is another than was shown; the link stays good
   */
  register(asked: Asked): Promise<Offer & Registered>;
}

export interface RegistrationServiceDeps {
  readonly invitations: InvitationsStore;
  readonly lti: Pick<Lti, 'dynamicRegistration' | 'registrations'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly publicUrl: string;
}

const noLink = (): DomainError => new DomainError('registration-link', 404);

const versionOf = ({ platform, before }: Pick<Offer, 'platform' | 'before'>): string =>
  before === null ? '' : fingerprint([platform, registrationValues(before)]);

export function createRegistrationService(deps: RegistrationServiceDeps): RegistrationService {
  const { invitations, lti, audit, publicUrl } = deps;
  const { dynamicRegistration, registrations } = lti;

  async function linkFor(issuer: string, registrationId = ''): Promise<{ url: string; expiresAt: Date }> {
    const { token, expiresAt } = await invitations.make(issuer, registrationId);
    const url = new URL('/lti/register', publicUrl);
    url.searchParams.set('invitation', token);
    return { url: url.href, expiresAt };
  }

  async function look({ issuer, registrationId }: Invitation, configurationUrl: string): Promise<Offer> {
    const before =
      registrationId === ''
        ? null
        : ((await registrations.list()).find(({ id }) => id === registrationId) ?? null);
    // Removed since the link was made: there is nothing whose place could be taken.
    if (registrationId !== '' && before === null) throw noLink();
    const platform = await dynamicRegistration.look(configurationUrl);
    if (before !== null && platform.issuer !== before.issuer) {
      throw new DomainError('lti-registration-other-issuer', 409, { received: { issuer: platform.issuer } });
    }
    const expected = before === null ? issuer === platform.issuer : before.state === 'active';
    return { platform, expected, before, version: versionOf({ platform, before }) };
  }

  /** Needs no session: the request carries a one-time link and comes from the platform's administration. */
  const note = (action: AuditAction, after: Registration, values: Record<string, AuditValues>) =>
    audit.append({
      actor: { kind: 'platform', id: after.id, name: after.issuer },
      action,
      subject: registrationSubject(after),
      ...values,
    });

  return {
    invite: (issuer) => linkFor(issuer),
    inviteToRenew: ({ id, issuer }) => linkFor(issuer, id),
    async offer({ invitation, openidConfiguration }) {
      // Checked first: without a link nothing is fetched.
      const found = await invitations.findOptional(invitation);
      if (found === null) throw noLink();
      return look(found, openidConfiguration);
    },
    async register({ invitation, openidConfiguration, registrationToken, seen }) {
      const used = await invitations.use(invitation);
      if (used === null) throw noLink();
      try {
        const offer = await look(used, openidConfiguration);
        const { platform, expected, before, version } = offer;
        if (version !== seen) throw registrationStale();
        const done =
          before === null
            ? await dynamicRegistration.register(platform, registrationToken, expected)
            : await dynamicRegistration.renew(platform, registrationToken, before);
        const after = registrationValues(done.registration);
        await (before === null
          ? note('platform-added', done.registration, { after })
          : note('platform-changed', done.registration, changed(registrationValues(before), after)));
        return { ...offer, ...done };
      } catch (error) {
        await invitations.release(invitation);
        throw error;
      }
    },
  };
}
