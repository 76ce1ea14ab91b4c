import { DAY } from '../../shared/clock.js';
import { compareText } from '../../shared/collation.js';
import { fullName } from '../../shared/names.js';
import { dateIn } from '../../shared/days.js';
import { instantAt } from '../../shared/zoned.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { Organisation } from '../directory/index.js';
import type { CoursesStore, PeopleStore } from '../membership/index.js';
import type { QuestionsFeature } from '../questions/index.js';
import type { AttestationsStore } from '../schedule/index.js';
import type { ReportReader, ReportWish, UnaidedStudent } from './report.js';
import { scopeOf, staffOf } from './scope.js';

export interface UnaidedDeps {
  readonly consultations: Pick<ConsultationsFeature, 'reporting'>;
  readonly questions: Pick<QuestionsFeature, 'askedBetween'>;
  readonly organisation: Pick<Organisation, 'listTeachers' | 'listProgrammes'>;
  readonly courses: Pick<CoursesStore, 'listAll' | 'members'>;
  readonly people: Pick<PeopleStore, 'findMany'>;
  readonly attestations: Pick<AttestationsStore, 'list'>;
}

const BEFORE_ATTESTATION_MS = 28 * DAY;

/**
 * Lists students who neither booked a consultation nor asked a question: in the four weeks before the course's
 * attestation, where it has one in the period, else in the period.
 */
export async function listUnaided(
  deps: UnaidedDeps,
  reader: ReportReader,
  wish: ReportWish,
): Promise<UnaidedStudent[]> {
  const [teachers, programmes, all] = await Promise.all([
    deps.organisation.listTeachers(),
    deps.organisation.listProgrammes(),
    deps.courses.listAll(),
  ]);
  const staff = staffOf(teachers);
  const inScope = scopeOf(reader, staff);
  const inAssociation = (personId: string): boolean =>
    wish.association === undefined || staff.associationsOf(personId).includes(wish.association);
  const asked = await readAsked(deps, wish);
  const within = programmes.find(({ id }) => id === wish.programme)?.courseIds;
  const found: UnaidedStudent[] = [];
  for (const { id: courseId, title } of all) {
    if (wish.programme !== undefined && within?.includes(courseId) !== true) continue;
    const members = (await deps.courses.members(courseId)).filter(({ leftAt }) => leftAt === null);
    const counted = members.some(
      ({ personId, role }) =>
        role === 'teacher' && inScope({ courseId, teacherId: personId }) && inAssociation(personId),
    );
    if (!counted) continue;
    const ids = members.filter(({ role }) => role === 'student').map(({ personId }) => personId);
    const { from, to } = await periodOf(deps, courseId, wish);
    const booked = await deps.consultations.reporting.bookedBetween(courseId, ids, from, to);
    const unaided = ids.filter((id) => !booked.has(id) && !asked(courseId, id, from, to));
    for (const { name } of await deps.people.findMany(unaided))
      found.push({ course: title, student: fullName(name) });
  }
  return found.sort((a, b) => compareText(a.course, b.course) || compareText(a.student, b.student));
}

/** Returns what tells whether a student asked in a course and a period. */
async function readAsked({ questions }: UnaidedDeps, { from, to }: ReportWish) {
  const times = new Map<string, Date[]>();
  const earliest = new Date(from.getTime() - BEFORE_ATTESTATION_MS);
  for await (const { courseId, studentId, askedAt } of questions.askedBetween(earliest, to)) {
    const key = `${courseId} ${studentId}`;
    times.set(key, [...(times.get(key) ?? []), askedAt]);
  }
  return (courseId: string, studentId: string, first: Date, last: Date): boolean =>
    (times.get(`${courseId} ${studentId}`) ?? []).some((at) => at >= first && at < last);
}

/** The weeks before the first attestation of a course in the period; the period itself where there is none. */
async function periodOf(
  { attestations }: UnaidedDeps,
  courseId: string,
  { from, to, zone }: ReportWish,
): Promise<{ from: Date; to: Date }> {
  const [first, last] = [dateIn(zone, from), dateIn(zone, to)];
  const next = (await attestations.list(courseId)).find(({ on }) => on >= first && on <= last);
  const end = next && instantAt(`${next.on}T00:00`, zone);
  return end ? { from: new Date(end.getTime() - BEFORE_ATTESTATION_MS), to: end } : { from, to };
}
