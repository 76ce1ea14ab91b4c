import type { AssessmentsFeature } from '../../assessments/index.js';
import type { ConsultationsFeature } from '../../consultations/index.js';
import type { GradebookFeature } from '../../gradebook/index.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { DirectoryFeature } from '../../directory/index.js';
import type { QuestionsFeature } from '../../questions/index.js';
import type { ToldClasses } from '../../timetable/index.js';
import { digestKind } from '../digest/digest.kind.js';
import { alarmKind } from './alarm.kind.js';
import { attendanceKinds } from './attendance.kinds.js';
import { classKinds, type ClassKinds } from './classes.kinds.js';
import { consultationMessageKinds } from './consultation-messages.kinds.js';
import { consultationKinds } from './consultations.kinds.js';
import { dailyKind } from './daily.kinds.js';
import { gradeKinds } from './grades.kinds.js';
import type { NotificationKind, Scheduled } from './kind.js';
import { mailingKinds, type MailingsTold } from './mailings.kinds.js';
import { materialKinds } from './materials.kinds.js';
import { peopleKinds } from './people.kinds.js';
import { questionKinds } from './questions.kinds.js';
import { reminderKinds } from './reminders.kinds.js';
import { testMessageKind } from './test-messages.kinds.js';
import { testKinds } from './tests.kinds.js';
import { attemptKinds } from './attempts.kinds.js';

export interface KindsDeps {
  readonly consultations: Pick<ConsultationsFeature, 'told' | 'findMessage'>;
  readonly assessments: Pick<AssessmentsFeature, 'told' | 'findMessage'>;
  readonly grades: Pick<GradebookFeature, 'findScore' | 'findFailedScore'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'changes'>;
  readonly questions: Pick<QuestionsFeature, 'findQuestion' | 'answerersOf' | 'leadersOf' | 'listDueWithin'>;
  readonly newMaterials: DirectoryFeature['newMaterials'];
  readonly mailings: MailingsTold;
  readonly classes: ToldClasses;
  readonly zoneOf: (personId: string) => Promise<string>;
  readonly now: () => Date;
}

/** Every kind of message, each one entry. A feature adds its own here, or by `NotificationsFeature.add`. */
export interface Kinds {
  readonly all: NotificationKind[];
  readonly scheduled: readonly Scheduled[];
  readonly reminders: Readonly<Record<'student' | 'teacher', NotificationKind>>;
  readonly classReminders: ClassKinds['reminders'];
  readonly daily: NotificationKind;
}

export function createKinds(deps: KindsDeps): Kinds {
  const { consultations, assessments, grades, membership, zoneOf, now } = deps;
  const { told } = consultations;
  const membersOf = async (courseId: string, role: 'teacher' | 'student'): Promise<string[]> =>
    (await membership.courses.members(courseId))
      .filter((member) => member.role === role && member.leftAt === null)
      .map(({ personId }) => personId);
  const teachersOf = (courseId: string) => membersOf(courseId, 'teacher');
  const findPerson = (id: string) => membership.people.findOptional(id);

  async function studentsOfTeachers(personIds: readonly string[]) {
    const places = (await membership.courses.membershipsOf(personIds)).filter(
      ({ role, leftAt }) => leftAt === null && role === 'teacher',
    );
    const courses = new Map<string, string>();
    for (const { courseId } of places) {
      for (const personId of await membersOf(courseId, 'student')) courses.set(personId, courseId);
    }
    return [...courses].map(([personId, courseId]) => ({ personId, courseId }));
  }

  const reminders = reminderKinds(told);
  const classes = classKinds(deps.classes);
  const daily = dailyKind({ told, classes: deps.classes, zoneOf, now });
  const parts = [
    questionKinds({ ...deps, findPerson: (id) => membership.people.findPresent(id) }),
    attendanceKinds(told),
    testKinds(assessments.told),
    attemptKinds(assessments.told),
    materialKinds({ newMaterials: deps.newMaterials, studentsOfTeachers }),
    peopleKinds({ changes: membership.changes, teachersOf }),
  ];
  return {
    all: [
      ...consultationKinds(told, findPerson),
      ...consultationMessageKinds(consultations),
      ...classes.all,
      reminders.student,
      reminders.teacher,
      daily,
      testMessageKind(assessments),
      ...parts.flatMap(({ kinds }) => kinds),
      ...mailingKinds(deps.mailings),
      ...gradeKinds({
        findScore: (id) => grades.findScore(id),
        findFailedScore: (courseId, content) => grades.findFailedScore(courseId, content),
        teachersOf,
        findPerson,
      }),
      digestKind,
      alarmKind,
    ],
    scheduled: parts.map(({ scheduled }) => scheduled),
    reminders,
    classReminders: classes.reminders,
    daily,
  };
}
