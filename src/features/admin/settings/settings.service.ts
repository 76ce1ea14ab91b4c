import { platformName, type Lti, type Registration } from '../../../lti/index.js';
import { badInput, DomainError } from '../../../shared/errors.js';
import { fingerprint } from '../../../shared/ids.js';
import {
  changed,
  type Audit,
  type AuditAction,
  type AuditActor,
  type AuditValues,
} from '../../../infra/audit/index.js';
import {
  settingsFields,
  type CentreSettings,
  type Settings,
  type Stored,
} from '../../../infra/settings/index.js';

export interface SettingsDeps {
  readonly centre: Pick<CentreSettings, 'find' | 'save'>;
  readonly lti: { readonly registrations: Pick<Lti['registrations'], 'list'> };
  readonly audit: Pick<Audit, 'append'>;
  /** Ends the sessions of this platform's administrators. */
  readonly endGuests: (registrationId: string) => Promise<void>;
}

/** What the form of the centre holds; who may come in has a form of its own. */
export type SettingsEdit = Omit<Settings, 'administrators'>;

const SUBJECT = { kind: 'centre', id: '', name: '' } as const;

/** The settings in words, as their form carries them and the audit log has them. */
export const settingsValues = (settings: SettingsEdit) => settingsFields.texts(settings);

const stale = (): DomainError =>
  new DomainError('settings-stale', 409, { fields: { version: 'errors.field.settingsStale' } });

const seenOf = (version: number, all: readonly Registration[]): string =>
  fingerprint([version, all.map(({ id, jwksUrl }) => [id, jwksUrl])]);

export function createSettingsService({ centre, lti, audit, endGuests }: SettingsDeps) {
  /** @throws DomainError `settings-stale` (409) when there is another version than was seen */
  async function replace(seen: number, after: (before: Settings) => Settings): Promise<Settings> {
    const { settings, version } = await centre.find();
    if (version !== seen || !(await centre.save(version, after(settings)))) {
      throw stale();
    }
    return settings;
  }

  async function note(by: AuditActor, action: AuditAction, before: AuditValues, after: AuditValues) {
    await audit.append({ actor: by, action, subject: SUBJECT, ...changed(before, after) });
  }

  const platforms = async (): Promise<Registration[]> =>
    (await lti.registrations.list()).filter(({ state }) => state !== 'pending');

  const isAdmitted = ({ administrators }: Settings, registration: Registration): boolean =>
    administrators.some(({ id, jwksUrl }) => id === registration.id && jwksUrl === registration.jwksUrl);

  return {
    find: (): Promise<Stored> => centre.find(),

    /** @param version of what the administrator saw. @throws DomainError `settings-stale` (409) */
    async save(by: AuditActor, version: number, edit: SettingsEdit): Promise<void> {
      const before = await replace(version, (settings) => ({ ...settings, ...edit }));
      await note(by, 'settings-changed', settingsValues(before), settingsValues({ ...before, ...edit }));
    },

    /** Whose administrators may come in, by platform. */
    async admitted(): Promise<{
      /** Stands for the decision as it was shown, and for the keys that it would be about. */
      version: string;
      platforms: { platform: Registration; admitted: boolean }[];
    }> {
      const [{ settings, version }, all] = await Promise.all([centre.find(), platforms()]);
      return {
        version: seenOf(version, all),
        platforms: all.map((platform) => ({ platform, admitted: isAdmitted(settings, platform) })),
      };
    },

    /**
     * Says whose administrators may come in; those of all others are out at once.
     * @param seen `version` of `admitted`: refuses keys that were replaced meanwhile
     * @throws DomainError `bad-input` on `platform`; `settings-stale` (409)
     */
    async admit(by: AuditActor, seen: string, ids: readonly string[]): Promise<void> {
      const [{ version }, all] = await Promise.all([centre.find(), platforms()]);
      if (seenOf(version, all) !== seen) throw stale();
      const chosen = all.filter(({ id }) => ids.includes(id));
      if (chosen.length < new Set(ids).size) throw badInput({ platform: 'errors.field.wrong' });
      const administrators = chosen.map(({ id, jwksUrl }) => ({ id, jwksUrl }));
      const before = await replace(version, (settings) => ({ ...settings, administrators }));
      for (const { id } of before.administrators) if (!ids.includes(id)) await endGuests(id);
      const said = (admitted: (registration: Registration) => boolean): AuditValues => ({
        platforms: all.filter(admitted).map(platformName).join(', '),
      });
      await note(
        by,
        'administrators-admitted',
        said((item) => isAdmitted(before, item)),
        said((item) => chosen.includes(item)),
      );
    },
  };
}

export type SettingsService = ReturnType<typeof createSettingsService>;
