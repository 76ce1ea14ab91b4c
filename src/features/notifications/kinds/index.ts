import type { AssessmentsFeature } from '../../assessments/index.js';
import type { ConsultationsFeature } from '../../consultations/index.js';
import type { GradebookFeature } from '../../gradebook/index.js';
import type { MembershipFeature } from '../../membership/index.js';
import { alarmKind } from './alarm.kind.js';
import { consultationMessageKinds } from './consultation-messages.kinds.js';
import { consultationKinds, reminderKinds } from './consultations.kinds.js';
import { dailyKind } from './daily.kinds.js';
import { gradeKinds } from './grades.kinds.js';
import type { NotificationKind, Scheduled } from './kind.js';
import { peopleKinds } from './people.kinds.js';
import { testKinds, testMessageKind } from './tests.kinds.js';

export interface KindsDeps {
  readonly consultations: Pick<ConsultationsFeature, 'told' | 'findMessage'>;
  readonly assessments: Pick<AssessmentsFeature, 'told' | 'findMessage'>;
  readonly grades: Pick<GradebookFeature, 'findScore' | 'findFailedScore'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'changes'>;
  readonly zoneOf: (personId: string) => Promise<string>;
  readonly now: () => Date;
}

/** Every kind of message, each one entry. A feature adds its own here, or by `NotificationsFeature.add`. */
export interface Kinds {
  readonly all: NotificationKind[];
  readonly scheduled: readonly Scheduled[];
  readonly reminders: Readonly<Record<'student' | 'teacher', NotificationKind>>;
  readonly daily: NotificationKind;
}

export function createKinds({
  consultations,
  assessments,
  grades,
  membership,
  zoneOf,
  now,
}: KindsDeps): Kinds {
  const teachersOf = async (courseId: string): Promise<string[]> =>
    (await membership.courses.members(courseId))
      .filter(({ role, leftAt }) => role === 'teacher' && leftAt === null)
      .map(({ personId }) => personId);
  const reminders = reminderKinds(consultations.told);
  const daily = dailyKind({ told: consultations.told, zoneOf, now });
  const tests = testKinds(assessments.told);
  const people = peopleKinds({ changes: membership.changes, teachersOf });
  return {
    all: [
      ...consultationKinds(consultations.told),
      ...consultationMessageKinds(consultations),
      reminders.student,
      reminders.teacher,
      daily,
      ...tests.kinds,
      testMessageKind(assessments),
      ...gradeKinds({
        findScore: (id) => grades.findScore(id),
        findFailedScore: (courseId, content) => grades.findFailedScore(courseId, content),
        teachersOf,
        findPerson: (id) => membership.people.findOptional(id),
      }),
      ...people.kinds,
      alarmKind,
    ],
    scheduled: [tests.scheduled, people.scheduled],
    reminders,
    daily,
  };
}
