import { platformName, type Lti, type Registration } from '../../../lti/index.js';
import type { Actor } from '../../../shared/actor.js';
import { HOUR, MINUTE, type Clock } from '../../../shared/clock.js';
import { DomainError, forbidden } from '../../../shared/errors.js';
import { shortName } from '../../../shared/names.js';
import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import type { CentreSettings } from '../../../infra/settings/index.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { CodesStore, Person } from './codes.store.js';
import type { Caller } from './login.service.js';
import type { AdminSession, AdminSessionsStore } from './sessions.store.js';

export interface GuestsDeps {
  readonly centre: Pick<CentreSettings, 'now'>;
  readonly lti: { readonly registrations: Pick<Lti['registrations'], 'findOptionalById'> };
  readonly membership: { readonly personQueries: Pick<MembershipFeature['personQueries'], 'findPerson'> };
  readonly codes: CodesStore;
  readonly sessions: Pick<AdminSessionsStore, 'open' | 'end' | 'endOfPlatform'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** Who administers an LMS and is let in by its word: without an account, a password or a second factor of ours. */
export interface Guest extends Person {
  /** '' where the LMS tells no names. */
  readonly name: string;
}

/** The platform's word of who administers it counts this long; then it is launched again. */
const FRESH_MS = HOUR;
/** Long enough to read a sentence and press a button. */
const CODE_MS = 2 * MINUTE;
/** Shorter than for passwords: the LMS's own session cannot be ended from here. */
export const GUEST_IDLE_MS = 15 * MINUTE;
const GUEST_LONGEST_MS = 2 * HOUR;

export const guestActor = ({ personId }: Person): AuditActor => ({
  kind: 'platform-admin',
  id: personId,
  name: '',
});

export interface GuestsService {
  /** Returns whether this person may enter the administration from a course; never in student view. */
  opensTo(actor: Actor): Promise<boolean>;
  /** @returns a code that lets this person in once. @throws DomainError `forbidden` */
  handOver(actor: Actor): Promise<string>;
  /**
   * Opens a session for a code. All conditions of its making are checked again.
   * @returns the session's token
   * @throws DomainError `admin-code-over` (403)
   */
  enter(code: string, caller: Caller): Promise<string>;
  /** Whose session it is; null, and it is over, when anything that let it be opened holds no longer. */
  who(adminSession: AdminSession, token: string): Promise<Guest | null>;
  /** Ends the sessions of this platform's administrators and removes their codes. */
  end(registrationId: string): Promise<void>;
}

export function createGuestsService(deps: GuestsDeps): GuestsService {
  const { centre, lti, membership, codes, sessions, audit, clock } = deps;

  /** The platform, while its administrators are let in. */
  async function admitting(registrationId: string): Promise<Registration | null> {
    const { administrators } = await centre.now();
    const decided = administrators.find(({ id }) => id === registrationId);
    if (decided === undefined) return null;
    const found = await lti.registrations.findOptionalById(registrationId);
    return found?.state === 'active' && found.jwksUrl === decided.jwksUrl ? found : null;
  }

  async function guestOf({ registrationId, personId }: Person): Promise<Guest | null> {
    const person = await membership.personQueries.findPerson(personId);
    if (person?.registrationId !== registrationId) return null;
    return { registrationId, personId, name: shortName(person.name) };
  }

  /** Returns whether this person may enter the administration from a course; never in student view. */
  async function opensTo({ administrator, viewer, registrationId }: Actor): Promise<boolean> {
    if (administrator === undefined || viewer !== undefined) return false;
    if (clock.now().getTime() - administrator.at > FRESH_MS) return false;
    return (await admitting(registrationId))?.jwksUrl === administrator.jwksUrl;
  }

  return {
    opensTo,

    async handOver(actor: Actor): Promise<string> {
      if (!(await opensTo(actor))) throw forbidden();
      const { registrationId, personId } = actor;
      return codes.keep({ registrationId, personId }, new Date(clock.now().getTime() + CODE_MS));
    },

    async enter(code: string, { token, address, userAgent }: Caller): Promise<string> {
      const now = clock.now();
      const person = await codes.take(code, now);
      const platform = person && (await admitting(person.registrationId));
      const guest = person && (await guestOf(person));
      if (platform === null || guest === null) throw new DomainError('admin-code-over', 403);
      // The id is drawn now, so that a prepared one is useless (session fixation).
      if (token !== '') await sessions.end(token);
      const { registrationId, personId } = guest;
      const opened = await sessions.open(
        {
          adminId: '',
          registrationId,
          personId,
          stage: 'open',
          address,
          userAgent: userAgent.slice(0, 300),
        },
        now,
        GUEST_IDLE_MS,
        GUEST_LONGEST_MS,
      );
      // If the entrance was closed meanwhile, this session was not among those ended: end it.
      if ((await admitting(registrationId)) === null) {
        await sessions.end(opened);
        throw new DomainError('admin-code-over', 403);
      }
      await audit.append({
        actor: guestActor(guest),
        action: 'login',
        subject: { kind: 'person', id: personId, name: '' },
        after: { platform: platformName(platform) },
      });
      return opened;
    },

    async who({ registrationId, personId }: AdminSession, token: string): Promise<Guest | null> {
      const guest = (await admitting(registrationId)) && (await guestOf({ registrationId, personId }));
      if (guest === null) await sessions.end(token);
      return guest;
    },

    async end(registrationId: string): Promise<void> {
      await codes.forget(registrationId);
      await sessions.endOfPlatform(registrationId);
    },
  };
}
