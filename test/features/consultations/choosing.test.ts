import { expect } from 'chai';
import { ALL_SCOPES, SCOPE } from '../../../scripts/demo-lms/index.js';
import { scoreOf } from '../../../src/features/consultations/held/grade.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';
import {
  ask,
  book,
  bookingOf,
  cancel,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  type Answer,
} from './fixtures.js';

describe('consultations: what to book', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let other: Visitor;
  let student: Visitor;
  before(async () => {
    testApp = await startTestApp({ env: { ROSTER_HOURS: '6' } });
    testApp.lms.control.changeTool(testApp.lms.control.tools()[0]!.id, {
      scopes: [...ALL_SCOPES, SCOPE.groups],
    });
    teacher = await testApp.launch({ person: '11', course: '2' });
    other = await testApp.launch({ person: '12', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    await testApp.app.jobs.drain();
  });
  after(() => testApp.close());

  const titles = async (query: string): Promise<Set<string>> =>
    new Set(
      (await ask(student, 'GET', `consultations?${query}`)).data.days.flatMap(({ slots }) =>
        slots.map(({ title }) => String(title)),
      ),
    );

  it('is narrowed by teacher and type, together with the topic', async () => {
    await offer(testApp, teacher, 1, { title: 'Алгебра вдвоём', type: 'group' });
    await offer(testApp, teacher, 2, { title: 'Алгебра одному', type: 'individual', capacity: 1 });
    await offer(testApp, other, 1, { title: 'Геометрия вдвоём', type: 'group' });
    const hers = `teacher=${await personIdOf(testApp, '11')}`;
    expect(await titles(hers)).to.have.keys('Алгебра вдвоём', 'Алгебра одному');
    expect(await titles('type=group')).to.have.keys('Алгебра вдвоём', 'Геометрия вдвоём');
    expect(await titles(`${hers}&type=group`)).to.have.keys('Алгебра вдвоём');
    expect(await titles('type=group&topic=геометр')).to.have.keys('Геометрия вдвоём');
  });

  it('leads from the teacher’s name to the card, and from the card to the next free times', async () => {
    const { slug } = await makeStaff(testApp, {
      surname: 'Соколова',
      visibility: 'public',
      personIds: [await personIdOf(testApp, '11')],
    });
    const series = await offer(testApp, teacher, 3, { title: 'Тригонометрия' });
    const slot = await firstSlot(student, series);
    const list = await student.get('consultations?topic=тригоно');
    expect(list.body).to.include(`directory/teachers/${slug}"`);
    const card = await student.get(`directory/teachers/${slug}`);
    expect(card.body).to.include('Ближайшие консультации').and.include('consultations/slots/');
    expect((await student.get(`consultations/slots/${slot}`)).body).to.include(`directory/teachers/${slug}"`);
    expect((await testApp.anonymous().get(`/teachers/${slug}`)).body).to.include('Ближайшие консультации');
  });

  it('is answered with the nearest free times where it is full, closed, or beyond a limit', async () => {
    const [full, near] = await slotsOf(teacher, await offer(testApp, teacher, 4, { capacity: 1 }));
    const boris = await testApp.launch({ person: '104', course: '2' });
    expectDone(await book(boris, full!.slotId));
    const closed = await firstSlot(teacher, await offer(testApp, teacher, 5, { closesHours: 336 }));
    const [mine, beyond] = await slotsOf(teacher, await offer(testApp, teacher, 6, { limitSeries: 1 }));
    expectDone(await book(student, mine!.slotId));
    for (const [slot, why] of [
      [full!.slotId, 'full'],
      [closed, 'closed'],
      [beyond!.slotId, 'limit'],
    ] as const) {
      const refused = await student.submit(`consultations/slots/${slot}/bookings`);
      expect(refused.status, why).to.equal(409);
      expect(refused.body, why).to.match(/class="button small outline" href="[^"]*\/slots\/[0-9a-f]{24}"/);
    }
    const nearest = await student.submit(`consultations/slots/${full!.slotId}/bookings`);
    expect(nearest.body).to.include(near!.slotId);
    const alert = async (slotId: string): Promise<string> => {
      const { body } = await student.submit(`consultations/slots/${slotId}/bookings`);
      return /<section class="notice bad"[\s\S]*?<\/section>/.exec(body)?.[0] ?? '';
    };
    expect(await alert(full!.slotId)).to.include(beyond!.slotId);
    // No time that the same limit keeps from the student.
    expect(await alert(beyond!.slotId))
      .to.include('/slots/')
      .and.not.include(beyond!.slotId);
  });

  it('is booked for a group of the LMS as a whole, or for none of it', async () => {
    const bookGroup = (visitor: Visitor, slot: string, group: string): Promise<Answer> =>
      ask(visitor, 'POST', `consultations/slots/${slot}/bookings`, { group });
    // Three people, of whom the student is one.
    const olympiad = '3';
    const few = await offer(testApp, teacher, 7, { capacity: 2 });
    expect((await bookGroup(student, await firstSlot(teacher, few), olympiad)).data.code).to.equal(
      'slot-full',
    );
    expect((await slotsOf(teacher, few))[0]!.booked).to.equal(0);
    const enough = await offer(testApp, teacher, 8, { capacity: 4 });
    const [own, hers] = await slotsOf(teacher, enough);
    const page = await student.get(`consultations/slots/${own!.slotId}`);
    expect(page.body).to.include('Подготовка к олимпиаде (3)').and.not.include('Группа 9-Б');
    expectDone(await bookGroup(student, own!.slotId, olympiad));
    expectDone(await bookGroup(teacher, hers!.slotId, olympiad));
    expect((await slotsOf(teacher, enough)).map(({ booked }) => booked)).to.deep.equal([3, 3]);
    const companion = await testApp.launch({ person: '105', course: '2' });
    expect((await bookingOf(companion, own!.slotId)).state).to.equal('booked');
    // A group in which the student is not.
    const foreign = await firstSlot(teacher, await offer(testApp, teacher, 9, { capacity: 30 }));
    expect((await bookGroup(student, foreign, '2')).data.fields).to.have.key('group');
  });

  it('keeps a moved booking’s file under its name with a higher sequence', async () => {
    const [first, second] = await slotsOf(teacher, await offer(testApp, teacher, 10));
    expectDone(await book(student, first!.slotId));
    const { id } = await bookingOf(student, first!.slotId);
    expectDone(await ask(student, 'POST', `consultations/bookings/${id}/move`, { slot: second!.slotId }));
    const file = (await student.get(`calendar/consultation-${second!.slotId}.ics`)).body;
    expect(file).to.include('STATUS:CONFIRMED');
    const to = { date: day(testApp, 10), start: '19:00', reason: 'Педсовет' };
    expectDone(await ask(teacher, 'POST', `consultations/slots/${second!.slotId}/move`, to));
    const later = (await student.get(`calendar/consultation-${second!.slotId}.ics`)).body;
    const valueOf = (text: string, name: string): string =>
      new RegExp(`^${name}:(.*)\\r$`, 'm').exec(text)?.[1] ?? '';
    expect(valueOf(later, 'UID')).to.equal(valueOf(file, 'UID')).and.not.equal('');
    expect(Number(valueOf(later, 'SEQUENCE'))).to.be.above(Number(valueOf(file, 'SEQUENCE')));
    expect(valueOf(later, 'DTSTART')).to.not.equal(valueOf(file, 'DTSTART'));
    expectDone(await cancel(student, (await bookingOf(student, second!.slotId)).id));
  });
});

describe('a score for attendance', () => {
  const came = (points: number | null) => ({ mark: 'attended' as const, points });
  const away = { mark: 'no-show' as const, points: null };
  const excused = { mark: 'excused' as const, points: null };

  for (const { grading, entries, score } of [
    { grading: 'mean', entries: [came(4), came(5), away], score: 3 },
    { grading: 'mean', entries: [came(4), excused, came(null)], score: 4 },
    { grading: 'max', entries: [came(4), came(9), away], score: 9 },
    { grading: 'sum', entries: [came(4), came(5), away], score: 9 },
    { grading: 'sum', entries: [came(8), came(9)], score: 10 },
    { grading: 'fixed', entries: [away, came(null)], score: 10 },
    { grading: 'fixed', entries: [away], score: 0 },
    { grading: 'max', entries: [excused], score: null },
    { grading: 'none', entries: [came(5)], score: null },
  ] as const) {
    const said = entries.map(({ mark, points }) => `${mark} ${String(points ?? '')}`.trim()).join(', ');
    it(`is ${String(score)} of 10 by ${grading}: ${said}`, () => {
      expect(scoreOf({ grading, gradeMaximum: 10 }, entries)).to.equal(score);
    });
  }
});
