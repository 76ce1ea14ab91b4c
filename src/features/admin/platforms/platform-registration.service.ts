import type { Lti, MetadataDifference, PlatformConfiguration, Registration } from '../../../lti/index.js';
import { DomainError } from '../../../shared/errors.js';
import {
  changed,
  type Audit,
  type AuditAction,
  type AuditActor,
  type AuditValues,
} from '../../../infra/audit/index.js';
import { registrationSubject, registrationValues, type RegistrationFeature } from './registration/index.js';
import type { PlatformsService } from './platforms.service.js';

export interface RegisteringDeps {
  readonly lti: Pick<Lti, 'findConfiguration' | 'registrationManagement'>;
  readonly registration: Pick<RegistrationFeature, 'invite' | 'inviteToRenew'>;
  readonly platforms: Pick<PlatformsService, 'find'>;
  readonly audit: Pick<Audit, 'append'>;
}

interface Link {
  readonly url: string;
  readonly expiresAt: Date;
}

/** What a platform holds of us. */
export interface Held {
  readonly platform: Registration;
  /** What it holds otherwise than we would have it. */
  readonly differences: readonly MetadataDifference[];
}

/** How platforms and this tool come to know each other, and again. */
export interface RegisteringService {
  /**
   * A link by which a platform registers itself, once, within 24 hours.
   * @param issuer of the platform that is expected; '' for any, who then waits for approval
   */
  invite(by: AuditActor, issuer: string): Promise<Link>;
  /** The same, for this platform to renew its registration. @throws DomainError `registration-not-found` */
  inviteToRenew(by: AuditActor, id: string): Promise<Link & { platform: Registration }>;
  /**
   * What a platform says of itself, to be looked through before it is registered.
   * @param address of its configuration, or its issuer
   * @throws DomainError `lti-registration-platform` (400, 502)
   */
  describe(address: string): Promise<PlatformConfiguration>;
  /** Whether this platform lets its registration of us be read and changed. */
  isManaged(platform: Registration): Promise<boolean>;
  /**
   * Reads what the platform holds of us.
   * @throws DomainError `registration-not-found`, `lti-registration-unmanaged` (404); what the platform does wrong
   *   (400, 409, 502)
   */
  compare(by: AuditActor, id: string): Promise<Held>;
  /** Sends the platform all of ours, and takes in what it grants. @throws as `compare` */
  send(by: AuditActor, id: string): Promise<Held>;
}

export function createRegisteringService({
  lti,
  registration,
  platforms,
  audit,
}: RegisteringDeps): RegisteringService {
  const { registrationManagement } = lti;

  const note = (
    by: AuditActor,
    action: AuditAction,
    registration: Registration,
    change: { before?: AuditValues; after?: AuditValues } = {},
  ): Promise<void> =>
    audit.append({ actor: by, action, subject: registrationSubject(registration), ...change });

  /** What the platform refuses stands in the log as well. */
  async function noted<Result>(
    by: AuditActor,
    action: AuditAction,
    platform: Registration,
    act: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof DomainError) {
        await note(by, action, platform, { after: { failed: error.code, ...error.details.received } });
      }
      throw error;
    }
  }

  const namesOf = (differences: readonly MetadataDifference[]): string =>
    differences.map(({ field }) => field).join(', ');

  return {
    async invite(by: AuditActor, issuer: string): Promise<Link> {
      const invitation = await registration.invite(issuer);
      await audit.append({
        actor: by,
        action: 'platform-invited',
        subject: { kind: 'platform', id: '', name: issuer },
      });
      return invitation;
    },

    async inviteToRenew(by: AuditActor, id: string): Promise<Link & { platform: Registration }> {
      const platform = await platforms.find(id);
      const invitation = await registration.inviteToRenew(platform);
      await note(by, 'platform-invited', platform);
      return { ...invitation, platform };
    },

    describe: (address: string): Promise<PlatformConfiguration> => lti.findConfiguration(address),

    isManaged: (platform: Registration): Promise<boolean> => registrationManagement.isOffered(platform),

    async compare(by: AuditActor, id: string): Promise<Held> {
      const platform = await platforms.find(id);
      const differences = await noted(by, 'platform-compared', platform, () =>
        registrationManagement.compare(platform),
      );
      await note(by, 'platform-compared', platform, { after: { differing: namesOf(differences) } });
      return { platform, differences };
    },

    async send(by: AuditActor, id: string): Promise<Held> {
      const before = await platforms.find(id);
      const sent = await noted(by, 'platform-informed', before, () => registrationManagement.send(before));
      const change = changed(registrationValues(before), registrationValues(sent.registration));
      await note(by, 'platform-informed', sent.registration, {
        before: change.before,
        after: { ...change.after, differing: namesOf(sent.left) },
      });
      return { platform: sent.registration, differences: sent.left };
    },
  };
}
