import type { FeaturesOfApp } from './app.js';
import type { Infrastructure } from './infrastructure.js';
import type { DirectoryFeature } from './features/directory/index.js';
import type { ScheduleFeature } from './features/schedule/index.js';
import { filesPersonalData } from './infra/files/index.js';
import { outboxPersonalData } from './infra/mail/index.js';
import { answerRules } from './infra/settings/index.js';
import { originsOf } from './lti/index.js';
import type { Rights } from './shared/actor.js';
import { DAY } from './shared/clock.js';
import type { PersonalData } from './shared/personal-data.js';
import type { SessionIdentity } from './shared/session-identity.js';

/** What one feature asks of others, in the words of the one that asks. */

export const associationsOf =
  ({ organisation }: DirectoryFeature) =>
  async (personId: string): Promise<{ id: string; name: string }[]> => {
    const own = await organisation.associationIdsOf(personId);
    return (await organisation.listAssociations())
      .filter(({ id }) => own.includes(id))
      .map(({ id, title }) => ({ id, name: title }));
  };

/** Closed days count from a quarter before today to half a year after it. */
export const answerRulesNow =
  ({ clock, centre }: Infrastructure, { closedDays }: ScheduleFeature) =>
  async (): Promise<ReturnType<typeof answerRules>> => {
    const now = clock.now().getTime();
    const [from = '', to = ''] = [now - 90 * DAY, now + 180 * DAY].map((at) =>
      new Date(at).toISOString().slice(0, 10),
    );
    const closed = await closedDays.list(from, to);
    return answerRules(
      await centre.now(),
      closed.map(({ date }) => date),
    );
  };

/** Everything that holds data of people, for export, erasure and merge. */
export const personalDataOf = (
  { exports, files, mail }: Infrastructure,
  features: readonly { readonly personalData: PersonalData }[],
): PersonalData[] => [
  ...features.map(({ personalData }) => personalData),
  filesPersonalData(files),
  exports.personalData,
  ...(mail.outbox ? [outboxPersonalData(mail.outbox)] : []),
];

/** What the person of a session may do: nothing once its platform is disabled. */
export const rightsWhileActive =
  ({ clock, lti }: Infrastructure, { membership }: FeaturesOfApp) =>
  async (identity: SessionIdentity): Promise<Rights | null> =>
    (identity.course.only === undefined || clock.now().getTime() < identity.course.only.until) &&
    (await lti.registrations.isActive(identity.registrationId))
      ? membership.rightsOf(identity)
      : null;

/** Origins of the pages that may frame a course. */
export const framesOf =
  ({ lti }: Infrastructure, { membership }: FeaturesOfApp) =>
  async (courseKey: string): Promise<readonly string[]> => {
    const found = await membership.courses.findOptionalByKey(courseKey);
    const registration = found && (await lti.registrations.findOptionalById(found.registrationId));
    return found === null || registration === null
      ? []
      : [...originsOf(registration), ...(found.returnOrigin === '' ? [] : [found.returnOrigin])];
  };
