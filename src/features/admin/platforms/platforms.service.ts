import {
  registrationStale,
  shortRole,
  type ConnectionReport,
  type Lti,
  type NewRegistration,
  type Registration,
  type RegistrationEdit,
  type RoleRule,
  type UnknownDeployment,
} from '../../../lti/index.js';
import { badInput, notFound } from '../../../shared/errors.js';
import { fingerprint } from '../../../shared/ids.js';
import {
  changed,
  type Audit,
  type AuditAction,
  type AuditActor,
  type AuditValues,
} from '../../../infra/audit/index.js';
import { registrationSubject, registrationValues } from './registration/index.js';

export interface PlatformsDeps {
  readonly lti: Pick<Lti, 'registrations' | 'checkConnection'>;
  readonly audit: Pick<Audit, 'append'>;
  /** Its own administrators are here no longer. */
  readonly endGuests: (registrationId: string) => Promise<void>;
}

const rulesOf = ({ roles }: Registration): AuditValues =>
  Object.fromEntries(roles.map(({ uri, role }) => [shortRole(uri), role]));

/** Stands in a form for the registration as it was shown in it. */
export const versionOf = (registrationEdit: RegistrationEdit): string =>
  fingerprint([
    registrationEdit.name,
    registrationEdit.deployments,
    registrationEdit.frameOrigins,
    registrationEdit.unknownDeployments,
    registrationEdit.ownParameters,
  ]);

/** The same for the form of its roles. */
export const rolesVersionOf = ({ roles }: Pick<Registration, 'roles'>): string => fingerprint(roles);

const ACTION = {
  active: 'platform-enabled',
  disabled: 'platform-disabled',
  removed: 'platform-removed',
} as const;

export interface PlatformsService {
  /** @throws DomainError `registration-not-found` */
  find(id: string): Promise<Registration>;
  list(): Promise<Registration[]>;
  /** @throws DomainError `bad-input` naming the field; on `clientId` when this issuer has it already */
  add(by: AuditActor, fields: NewRegistration): Promise<Registration>;
  /**
   * @param version `versionOf` what the administrator saw
   * @throws DomainError `registration-not-found`, `registration-stale` (409), `bad-input`
   */
  edit(by: AuditActor, id: string, version: string, edit: RegistrationEdit): Promise<Registration>;
  /** @throws DomainError `registration-not-found` */
  setState(by: AuditActor, id: string, state: keyof typeof ACTION): Promise<void>;
  /** Deployments that were refused and wait for a word of ours. */
  unknownDeployments(platform: Registration): Promise<UnknownDeployment[]>;
  /** @throws DomainError `registration-not-found`, `not-found`, `deployments-full` (409) */
  approve(by: AuditActor, id: string, unknownDeploymentId: string): Promise<void>;
  /**
   * @param version `rolesVersionOf` what the administrator saw
   * @throws DomainError `registration-not-found`, `registration-stale` (409)
   */
  setRoles(by: AuditActor, id: string, version: string, rules: readonly RoleRule[]): Promise<void>;
  /** @throws DomainError `registration-not-found` */
  test(by: AuditActor, id: string): Promise<{ platform: Registration; report: ConnectionReport }>;
}

export function createPlatformsService({ lti, audit, endGuests }: PlatformsDeps): PlatformsService {
  const { registrations } = lti;

  /** @throws DomainError `registration-not-found` */
  async function find(id: string): Promise<Registration> {
    const found = (await registrations.list()).find((registration) => registration.id === id);
    if (found === undefined) throw notFound('registration-not-found');
    return found;
  }

  const note = (
    by: AuditActor,
    action: AuditAction,
    registration: Registration,
    change: { before?: AuditValues; after?: AuditValues } = {},
  ): Promise<void> =>
    audit.append({
      actor: by,
      action,
      subject: registrationSubject(registration),
      ...change,
    });

  return {
    find,
    list: () => registrations.list(),

    async add(by: AuditActor, fields: NewRegistration): Promise<Registration> {
      const all = await registrations.list();
      if (
        all.some((platform) => platform.issuer === fields.issuer && platform.clientId === fields.clientId)
      ) {
        throw badInput({ clientId: 'errors.field.taken' });
      }
      const added = await registrations.add(fields);
      await note(by, 'platform-added', added, { after: registrationValues(added) });
      return added;
    },

    async edit(by: AuditActor, id: string, version: string, edit: RegistrationEdit): Promise<Registration> {
      const before = await find(id);
      if (versionOf(before) !== version) throw registrationStale();
      const after = await registrations.edit(before, edit);
      await note(
        by,
        'platform-changed',
        after,
        changed(registrationValues(before), registrationValues(after)),
      );
      return after;
    },

    async setState(by: AuditActor, id: string, state: keyof typeof ACTION): Promise<void> {
      const before = await find(id);
      if (before.state === state) return;
      const after = await registrations.setState(id, state);
      if (state !== 'active') await endGuests(id);
      await note(by, ACTION[state], after, changed(registrationValues(before), registrationValues(after)));
    },

    unknownDeployments: (platform: Registration): Promise<UnknownDeployment[]> =>
      registrations.unknownDeployments(platform),

    async approve(by: AuditActor, id: string, unknownDeploymentId: string): Promise<void> {
      const before = await find(id);
      const after = await registrations.approve(before, unknownDeploymentId);
      await note(
        by,
        'deployment-approved',
        after,
        changed(registrationValues(before), registrationValues(after)),
      );
    },

    async setRoles(by: AuditActor, id: string, version: string, rules: readonly RoleRule[]): Promise<void> {
      const before = await find(id);
      if (rolesVersionOf(before) !== version) throw registrationStale();
      const after = await registrations.setRoles(before, rules);
      await note(by, 'platform-roles', after, changed(rulesOf(before), rulesOf(after)));
    },

    async test(by: AuditActor, id: string): Promise<{ platform: Registration; report: ConnectionReport }> {
      const platform = await find(id);
      const report = await lti.checkConnection(platform);
      const after = Object.fromEntries(report.steps.map(({ step, outcome }) => [step, outcome]));
      await note(by, 'platform-tested', platform, { after });
      return { platform, report };
    },
  };
}
