import { expect } from 'chai';
import { DAY } from '../../../src/shared/clock.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, book, bookingOf, expectDone, firstSlot, offer, slotsOf, type Answer } from './fixtures.js';

const save = (visitor: Visitor, slot: string, body: object): Promise<Answer> =>
  ask(visitor, 'POST', `consultations/slots/${slot}/attendance`, body);

describe('consultations held by teachers', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let colleague: Visitor;
  let ann: Visitor;
  let ben: Visitor;

  async function comeIn(): Promise<void> {
    teacher = await testApp.launch({ person: '11', course: '2' });
    colleague = await testApp.launch({ person: '13', course: '2' });
    ann = await testApp.launch({ person: '101', course: '2' });
    ben = await testApp.launch({ person: '104', course: '2' });
  }

  /** A slot that Ann and Ben have booked, and that is over. */
  async function past(changes: object = {}): Promise<{ series: string; slot: string }> {
    const series = await offer(testApp, teacher, 1, { end: '15:30', ...changes });
    const slot = await firstSlot(teacher, series);
    for (const student of [ann, ben]) expectDone(await book(student, slot));
    testApp.clock.advance(2 * DAY);
    await comeIn();
    return { series, slot };
  }

  before(async () => {
    testApp = await startTestApp();
    await comeIn();
  });
  after(() => testApp.close());

  it('counts planned and held academic hours of a teacher and month in the journal', async () => {
    const { slot } = await past({ start: '15:00', end: '16:30', length: 45, capacity: 3 });
    expectDone(await save(teacher, slot, { version: 0, all: 'attended' }));
    const moment = new Date((await bookingOf(ann, slot)).startsAt as string);
    const month = moment.toISOString().slice(0, 7);
    const { data } = await ask(teacher, 'GET', `consultations/journal?month=${month}`);
    const journal = data as unknown as { totals: Record<string, number>; rows: string[][] };
    expect(journal.totals).to.deep.equal({
      planned: 2,
      held: 1,
      cancelled: 0,
      consultations: 1,
      attendances: 2,
    });
    expect(journal.rows.map((row) => [row[0], row[2], row[7], row[8]])).to.deep.equal([
      ['1', '15:00–15:45', 'Присутствовал(а)', '1'],
      ['2', '15:00–15:45', 'Присутствовал(а)', ''],
    ]);
    const { id } = await testApp.app.features.directory.upsertAssociation({
      title: 'Объединение математики',
      description: '',
      head: '',
    });
    await makeStaff(testApp, {
      surname: 'Соколова',
      personIds: [await personIdOf(testApp, '11')],
      associationIds: [id],
    });
    const page = await teacher.get(`consultations/journal?month=${month}`);
    expect(page.body)
      .to.contain('Журнал консультаций')
      .and.to.contain('Академический час — 45 мин.')
      .and.to.contain('Объединение математики');
    const headings = [...page.body.matchAll(/<th scope="col">([^<]*)<\/th>/g)].map(([, text]) => text);
    expect(headings).to.deep.equal([
      ...['№', 'Дата', 'Время', 'Тема, вопрос', 'Ф. И. О. обучающегося', 'Класс, группа', 'Вид'],
      ...['Посещение', 'Акад. ч', 'Подпись педагога'],
    ]);
    for (const format of ['xlsx', 'csv']) {
      const file = await teacher.get(`consultations/journal/export?month=${month}&format=${format}`);
      expect(file.status, format).to.equal(200);
      expect(file.headers.get('content-disposition')).to.contain('attachment');
    }
    expect((await ann.get('consultations/journal')).status).to.equal(403);
    const other = (await ask(teacher, 'GET', 'consultations/journal')).data as unknown as {
      filter: { teacher: string };
    };
    expect(
      (await ask(colleague, 'GET', `consultations/journal?teacher=${other.filter.teacher}`)).status,
    ).to.equal(403);
  });

  it('refuses a month that does not exist', async () => {
    const refused = await ask(teacher, 'GET', 'consultations/journal?month=2026-13');
    expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, ['month']]);
  });

  describe('substitution of a teacher', () => {
    const personOf = async (visitor: Visitor, sub: string): Promise<string> => {
      const people = testApp.app.features.membership.people;
      return (await people.findOptionalBySub(testApp.registration.id, sub))?.id ?? visitor.origin;
    };

    it('gives one slot to a colleague, who records it then', async () => {
      const series = await offer(testApp, teacher, 1);
      const [slot] = await slotsOf(teacher, series);
      expectDone(await book(ann, slot!.slotId));
      const to = await personOf(colleague, '13');
      expectDone(await ask(teacher, 'POST', `consultations/slots/${slot!.slotId}/teacher`, { teacher: to }));
      expect((await bookingOf(ann, slot!.slotId)).substitute).to.equal(true);
      expect((await ann.get('consultations')).body).to.contain('Замена');
      await testApp.app.jobs.drain();
      expect((await ann.get('')).body).to.contain('Другой преподаватель: Разбор задач');
      const held = await ask(colleague, 'GET', 'consultations');
      expect(held.data.days.flatMap(({ slots }) => slots).map(({ slotId }) => slotId)).to.include(
        slot!.slotId,
      );
      testApp.clock.advance(2 * DAY);
      await comeIn();
      expectDone(await save(colleague, slot!.slotId, { version: 0, all: 'attended' }));
    });

    it('lets the colleague book for students, say yes to a request, and move a booking away', async () => {
      const [first, second] = await slotsOf(
        teacher,
        await offer(testApp, teacher, 6, { approval: 'required' }),
      );
      expectDone(await book(ann, first!.slotId));
      const { id } = await bookingOf(ann, first!.slotId);
      const approve = () => ask(colleague, 'POST', `consultations/bookings/${id}/approve`);
      const move = () =>
        ask(colleague, 'POST', `consultations/bookings/${id}/move`, { slot: second!.slotId });
      const forBen = async () => book(colleague, first!.slotId, { person: [await personOf(ben, '104')] });
      for (const act of [approve, move, forBen]) expect((await act()).status).to.equal(403);
      const teacherId = await personOf(colleague, '13');
      const substitute = ({ slotId }: { slotId: string }) =>
        ask(teacher, 'POST', `consultations/slots/${slotId}/teacher`, { teacher: teacherId });
      expectDone(await substitute(first!));
      expectDone(await approve());
      expectDone(await forBen());
      // The other slot is not the colleague's.
      expect((await move()).status).to.equal(403);
      expectDone(await substitute(second!));
      expectDone(await move());
      expect((await bookingOf(ann, second!.slotId)).state).to.equal('booked');
    });

    it('refuses a colleague whose time is taken', async () => {
      const theirs = await offer(testApp, colleague, 1);
      const series = await offer(testApp, teacher, 1);
      const slot = await firstSlot(teacher, series);
      const to = await personOf(colleague, '13');
      const refused = await ask(teacher, 'POST', `consultations/slots/${slot}/teacher`, { teacher: to });
      expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, ['teacher']]);
      expect(await slotsOf(colleague, theirs)).to.have.length(2);
    });

    it('refuses a person who does not teach the course, and a teacher who does not hold the slot', async () => {
      const series = await offer(testApp, teacher, 2);
      const slot = await firstSlot(teacher, series);
      const student = await personOf(ann, '101');
      const refused = await ask(teacher, 'POST', `consultations/slots/${slot}/teacher`, { teacher: student });
      expect(refused.status).to.equal(400);
      const own = await personOf(colleague, '13');
      expect(
        (await ask(colleague, 'POST', `consultations/slots/${slot}/teacher`, { teacher: own })).status,
      ).to.equal(403);
    });
  });
});
