import './pages.view.js';
import { Router } from 'express';
import { createAttachments, type Files, type UploadRule } from '../../infra/files/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Storage } from '../../storage/index.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { MembershipFeature } from '../membership/index.js';
import type { TaughtClasses } from '../directory/index.js';
import type { ScheduleFeature } from '../schedule/index.js';
import { classesCalendar } from './calendar.source.js';
import { importRouter, importUploads } from './import/import.routes.js';
import { createImporter, type TimetableImporter } from './import/import.service.js';
import { createImportsStore } from './import/imports.store.js';
import { createTimetablePersonalData } from './personal-data.store.js';
import { teacherNow, type Named, type TimetableClass } from './timetable-class.js';
import { homeworkUploads, timetableRouter } from './timetable.routes.js';
import { createTimetableService, type TimetableService } from './timetable.service.js';
import { createTimetableStore } from './timetable.store.js';
import { createToldClasses, type ToldClasses } from './told.service.js';
import { classRow, type ClassRowView } from './timetable.view.js';

export type { ClassRowView } from './timetable.view.js';
export type { TimetableClass } from './timetable-class.js';
export { classCancelled, classMoved, classRestored, classSubstituted } from './timetable.events.js';
export type { ToldClass, ToldClasses } from './told.service.js';

export interface TimetableDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue' | 'enqueueOnce'>;
  readonly files: Files;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf'>;
  readonly consultations: Pick<ConsultationsFeature, 'upcomingFor'>;
  readonly schedule: Pick<ScheduleFeature, 'identities' | 'calendarSources' | 'closedDays'>;
  /** Zone of the centre. */
  readonly zone: () => Promise<string>;
}

/** Classes (занятия) of a course or its groups, by the timetable. */
export interface TimetableFeature extends TaughtClasses {
  /** `/c/:courseKey/timetable` */
  readonly router: Router;
  /** Addresses of `router` that take files. */
  readonly uploads: readonly UploadRule[];
  /** The actor's next classes, soonest first. */
  upcomingFor(actor: Actor, limit: number): Promise<ClassRowView[]>;
  /** Classes of the actor that overlap a time: a consultation then is shown as such. */
  overlapping(actor: Actor, startsAt: Date, endsAt: Date): Promise<TimetableClass[]>;
  /** What messages say of classes, in whatever course. */
  readonly told: ToldClasses;
  /** For seeds and tests: the rules themselves. */
  readonly timetable: TimetableService;
  readonly importer: TimetableImporter;
  readonly personalData: PersonalData;
}

const MEGABYTE = 1024 * 1024;
const LONGEST_CLASS_MS = 12 * 3_600_000;

export function createTimetableFeature(deps: TimetableDeps): TimetableFeature {
  const { storage, clock, membership } = deps;
  const classes = createTimetableStore(
    storage.connection,
    async (id) => (await deps.schedule.identities.idsOf([id])).get(id) ?? [id],
  );
  deps.schedule.calendarSources.add(
    classesCalendar({
      classes,
      membershipsOf: (ids) => membership.courses.membershipsOf(ids),
      findPeople: (ids) => membership.people.findMany(ids),
      zone: deps.zone,
    }),
  );
  const groupsOf = (courseId: string) => membership.groupsOf(courseId);
  const closedDays = (from: string, to: string) => deps.schedule.closedDays.list(from, to);
  const files = createAttachments({
    files: deps.files,
    kind: 'class-material',
    maxFiles: 30,
    maxBytes: 150 * MEGABYTE,
    fileIdsOf: async (ids) => (await classes.findByIds(ids)).flatMap((found) => found.files),
    maySee: (actor, id) =>
      timetable.find(actor, id).then(
        () => true,
        () => false,
      ),
  });
  const timetable = createTimetableService({
    classes,
    files,
    clock,
    membersOf: (courseId) => membership.courses.members(courseId),
    async groupsOfMember(courseId, personId) {
      const member = await membership.courses.membership(courseId, personId);
      return member?.leftAt === null ? member.groups : [];
    },
    findPeople: (ids) => membership.people.findMany(ids),
    groupIdsOf: async (courseId) => (await groupsOf(courseId)).map(({ id }) => id),
    closedDays,
  });
  const importer = createImporter({
    imports: createImportsStore(storage.connection),
    classes,
    jobs: deps.jobs,
    files: deps.files,
    clock,
    teachersOf: (courseId) => timetable.teachersOf(courseId),
    groupsOf,
    closedDays,
  });
  async function peopleOf(found: readonly TimetableClass[]): Promise<ReadonlyMap<string, Named>> {
    const ids = found.flatMap(({ teacher, substitution }) => [teacher.id, substitution?.id ?? '']);
    const wanted = [...new Set(ids)].filter((id) => id !== '');
    const people = wanted.length === 0 ? [] : await membership.people.findMany(wanted);
    return new Map(people.map((person) => [person.id, person]));
  }

  return {
    router: Router().use(
      importRouter(importer, deps.zone),
      timetableRouter({
        timetable,
        files,
        consultations: deps.consultations,
        peopleOf,
        groupsOf,
        clock,
        zone: deps.zone,
      }),
    ),
    uploads: [homeworkUploads, importUploads],
    async upcomingFor(actor, limit) {
      const found = await timetable.upcoming(actor, limit);
      if (found.length === 0) return [];
      const [people, groups] = await Promise.all([peopleOf(found), groupsOf(actor.courseId)]);
      const names = new Map(groups.map(({ id, name }) => [id, name]));
      return found.map((row) => classRow(row, people, names));
    },
    async nextClassesOf(personIds, limit) {
      const found = await classes.upcomingOf(personIds, clock.now(), limit);
      const courseIds = [...new Set(found.map(({ courseId }) => courseId))];
      const groups = (await Promise.all(courseIds.map(groupsOf))).flat();
      const names = new Map(groups.map(({ id, name }) => [id, name]));
      return found.map((row) => ({
        teacherId: teacherNow(row).id,
        ...{ title: row.title, startsAt: row.startsAt, endsAt: row.endsAt },
        group: names.get(row.groupId) ?? '',
        ...{ courseId: row.courseId, groupId: row.groupId },
      }));
    },
    async overlapping(actor, startsAt, endsAt) {
      const found = await timetable.between(actor, new Date(startsAt.getTime() - LONGEST_CLASS_MS), endsAt);
      return found.filter((row) => row.state === 'planned' && row.startsAt < endsAt && startsAt < row.endsAt);
    },
    told: createToldClasses({
      classes,
      membersOf: (courseId) => membership.courses.members(courseId),
      membershipsOf: (ids) => membership.courses.membershipsOf(ids),
      findPeople: (ids) => membership.people.findMany(ids),
    }),
    timetable,
    importer,
    personalData: createTimetablePersonalData(storage.connection, clock, (id) => files.removeOf(id)),
  };
}
