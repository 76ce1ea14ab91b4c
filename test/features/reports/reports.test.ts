import { expect } from 'chai';
import { Types } from 'mongoose';
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import { barChart } from '../../../src/features/reports/chart.view.js';
import { medianOf } from '../../../src/features/reports/figures.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { book, day, expectDone, offer, slotsOf } from '../consultations/fixtures.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';

interface Row {
  name: string;
  planned: number;
  held: number;
  unmarked: number;
  academicHours: number;
  cancelled: number;
  attendance: number | null;
  overdue: number;
  bookings: number;
  questions: number;
  answered: number;
  answerTime: number | null;
}
interface Page {
  state: string;
  done: number;
  countedAt: string | null;
  total: Row;
  rows: Row[];
  unaided: { course: string; student: string }[];
}

const TWO_MONTHS = (testApp: TestApp): string => {
  const day = (ahead: number): string =>
    new Date(testApp.clock.now().getTime() + ahead * DAY).toISOString().slice(0, 10);
  return `dayFrom=${day(-30)}&dayTo=${day(30)}`;
};

describe('reports', () => {
  let testApp: TestApp;
  let deputy: Visitor;
  let head: Visitor;
  let teacher: Visitor;
  let heldSlot: string;
  let heldOn: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    const physics = await testApp.launch({ person: '13', course: '2' });
    const ann = await testApp.launch({ person: '103', course: '2' });
    await testApp.launch({ person: '104', course: '2' });

    const { directory } = testApp.app.features;
    await testApp.launch({ person: '15', course: '3' });
    const leader = await makeStaff(testApp, {
      surname: 'Главная',
      personIds: [await personIdOf(testApp, '15')],
    });
    const maths = await directory.upsertAssociation({
      title: 'Математики',
      description: '',
      head: leader.slug,
    });
    await makeStaff(testApp, {
      surname: 'Соколова',
      personIds: [await personIdOf(testApp, '11')],
      associationIds: [maths.id],
    });
    await makeStaff(testApp, { surname: 'Физик', personIds: [await personIdOf(testApp, '13')] });

    // Two consultations of the mathematician, one of them booked; one of the physicist.
    heldOn = day(testApp, 1);
    const series = await offer(testApp, teacher, 1, { title: 'Алгебра' });
    const [slot] = await slotsOf(ann, series);
    expectDone(await book(ann, slot!.slotId));
    await offer(testApp, physics, 1, { title: 'Физика' });
    await ann.submit('questions/new', { to: 'course', text: 'Вопрос', key: newToken() });
    const [asked] = ((await teacher.json('GET', 'questions')).data as { questions: { id: string }[] })
      .questions;
    testApp.clock.advance(30 * MINUTE);
    await teacher.submit(`questions/${asked!.id}/messages`, { text: 'Ответ' });
    testApp.clock.advance(2 * DAY);

    teacher = await testApp.launch({ person: '11', course: '2' });
    heldSlot = slot!.slotId;
    deputy = await testApp.launch({ person: '14', course: '2' });
    head = await testApp.launch({ person: '15', course: '3' });
    await makeStaff(testApp, {
      surname: 'Мартынов',
      posts: ['deputyStudy'],
      personIds: [await personIdOf(testApp, '14')],
    });
    // Pages remember for ten seconds who answers for something.
    testApp.clock.advance(11 * SECOND);
  });
  after(() => testApp.close());

  const report = async (by: Visitor, query = ''): Promise<Page> =>
    (await by.json('GET', `reports?${TWO_MONTHS(testApp)}${query}`)).data as Page;

  it('count a consultation that is over but has no attendance marked as unmarked, not as held', async () => {
    expect((await report(deputy)).total).to.include({ held: 0, unmarked: 1, academicHours: 0 });
    const page = await deputy.get(`reports?${TWO_MONTHS(testApp)}`);
    expect(page.body).to.include('консультаций без отметки посещения');
    await teacher.submit(`consultations/slots/${heldSlot}/attendance`, { version: '0', all: 'attended' });
    expect((await report(deputy)).total).to.include({ held: 1, unmarked: 0 });
  });

  it('count hours as the journal does, by the academic hour that the centre sets', async () => {
    const totals = async (): Promise<[number, number]> => {
      // What an administrator sets is seen after three seconds.
      testApp.clock.advance(4 * SECOND);
      // Today may be the first of the next one.
      const month = heldOn.slice(0, 7);
      const journal = await teacher.json('GET', `consultations/journal?month=${month}`);
      const { held } = (journal.data as { totals: { held: number } }).totals;
      return [(await report(deputy)).total.academicHours, held];
    };
    expect(await totals()).to.deep.equal([0.67, 0.67]);
    const set = (academicMinutes: number) =>
      testApp.storage.connection
        .model('Centre')
        .updateOne(
          { _id: 'centre' },
          { $set: { academicMinutes }, $setOnInsert: { version: 1 } },
          { upsert: true },
        );
    await set(30);
    expect(await totals()).to.deep.equal([1, 1]);
    await set(45);
    expect(await totals()).to.deep.equal([0.67, 0.67]);
  });

  it('show a deputy what was planned and held, hours and answer times, by teacher', async () => {
    const { rows, total } = await report(deputy);
    const maths = rows.find(({ name }) => name.startsWith('Соколова'));
    expect(maths).to.include({
      planned: 2,
      held: 1,
      academicHours: 0.67,
      bookings: 1,
      questions: 1,
      answered: 1,
    });
    expect(rows.find(({ name }) => name.startsWith('Физик'))).to.include({ planned: 2, held: 0 });
    expect(total.planned).to.equal(4);
    expect(maths?.answerTime).to.be.a('number');
    // A question to those who teach the course has no teacher until it is taken.
    const ann = await testApp.launch({ person: '103', course: '2' });
    await ann.submit('questions/new', { to: 'course', text: 'Ещё вопрос', key: newToken() });
    const added = await report(deputy);
    const ofRows = added.rows.reduce((sum, { questions }) => sum + questions, 0);
    expect([added.total.questions, ofRows], 'the rows add up').to.deep.equal([2, 2]);
    expect((await deputy.get(`reports?${TWO_MONTHS(testApp)}`)).body).to.include(
      'Ещё не взяты преподавателем',
    );
  });

  it('stand in the navigation of those who answer for something, with charts and a table', async () => {
    const page = await deputy.get('reports');
    expect(page.status).to.equal(200);
    expect(page.body).to.match(/href="\/c\/\w+\/reports"[^>]*aria-current/);
    const wide = await deputy.get(`reports?${TWO_MONTHS(testApp)}`);
    expect(wide.body)
      .to.include('<svg class="chart" role="img"')
      .and.include('<table')
      .and.include('Таблица к графику')
      .and.not.include('style=');
    expect((await teacher.get('')).body).to.not.include('/reports"');
    expect((await teacher.get('reports')).status).to.equal(403);
  });

  it('stand in the navigation once', async () => {
    const [navigation = ''] = /<nav[\s\S]*?<\/nav>/u.exec((await deputy.get('')).body) ?? [];
    expect(navigation.match(/href="[^"]*\/reports"/gu)).to.have.length(1);
  });

  it('go by association, course and month, and are filtered by teacher', async () => {
    const { rows, total } = await report(deputy, '&by=association');
    expect(rows.map(({ name }) => name)).to.deep.equal(['Математики', '']);
    expect(
      rows.reduce((sum, { planned }) => sum + planned, 0),
      'also of no association',
    ).to.equal(total.planned);
    expect((await report(deputy, '&by=course')).rows[0]).to.include({ planned: 4 });
    expect((await report(deputy, '&by=month')).rows[0]?.name).to.match(/^\d{4}-\d{2}$/);
    const { organisation } = testApp.app.features.directory;
    const physicist = (await organisation.listTeachers()).find(({ name }) => name.surname === 'Физик');
    expect((await report(deputy, `&teacher=${physicist!.cardId}`)).total.planned).to.equal(2);
  });

  it('name months in words', async () => {
    const month = new Intl.DateTimeFormat('ru-RU', { month: 'long', year: 'numeric', timeZone: 'UTC' });
    const page = await deputy.get(`reports?by=month&${TWO_MONTHS(testApp)}`);
    expect(page.body).to.include(month.format(new Date(`${heldOn.slice(0, 7)}-01T00:00Z`)));
    expect(page.body).to.not.match(/>\d{4}-\d{2}</);
  });

  it('show a head of an association its teachers alone, from any course', async () => {
    const { rows } = await report(head);
    expect(rows.map(({ name }) => name.split(' ')[0])).to.deep.equal(['Соколова']);
  });

  it('name students without help in the period', async () => {
    const { unaided } = await report(deputy);
    const names = unaided.map(({ student }) => student);
    expect(names).to.have.length.above(0);
    expect(names).to.not.include('Андреева Вероника Олеговна');
  });

  it('go by programme, and are narrowed to one', async () => {
    const { organisation } = testApp.app.features.directory;
    const { courseId } = (await testApp.storage.connection
      .model('ConsultationSlot')
      .findById(heldSlot)
      .lean<{ courseId: string }>())!;
    const { id } = await organisation.saveUnit('programme', null, 0, {
      title: 'Юный физик',
      headId: '',
      members: [courseId],
    });
    expect((await report(deputy, '&by=programme')).rows).to.have.length(1);
    expect((await report(deputy, '&by=programme')).rows[0]).to.include({ name: 'Юный физик', planned: 4 });
    expect((await report(deputy, `&programme=${id}`)).total.planned).to.equal(4);
    const other = await organisation.saveUnit('programme', null, 0, {
      ...{ title: 'Юный химик', headId: '', members: [] },
    });
    expect((await report(deputy, `&programme=${other.id}`)).total.planned).to.equal(0);
  });

  it('name students without help in the four weeks before an attestation', async () => {
    const names = async (): Promise<string[]> =>
      (await report(deputy)).unaided.map(({ student }) => student.split(' ')[0] ?? '');
    expect(await names()).to.not.include('Андреева');
    // Andreeva’s booking and question are earlier than that.
    const on = (ahead: number): string =>
      new Date(testApp.clock.now().getTime() + ahead * DAY).toISOString().slice(0, 10);
    const attestation = { kind: 'interim', title: 'Зачёт' };
    const before = { ...attestation, on: on(29) };
    const made = await teacher.json('POST', 'consultations/attestations', before);
    expect(made.status).to.equal(303);
    expect(await names()).to.include('Андреева');
  });

  it('are taken along as XLSX', async () => {
    const file = await deputy.get(`reports/export?format=xlsx&${TWO_MONTHS(testApp)}`);
    expect(file.status).to.equal(200);
    expect(file.headers.get('content-type')).to.include('spreadsheetml');
    const csv = await deputy.get(`reports/unaided/export?format=csv&${TWO_MONTHS(testApp)}`);
    expect(csv.body).to.include('Обучающийся');
  });

  it('refuse a period of ten years in clear words', async () => {
    const refused = await deputy.json('GET', 'reports?dayFrom=2016-01-01&dayTo=2026-01-01');
    expect(refused.status).to.equal(400);
    expect((refused.data as { fields: { dayTo: string } }).fields.dayTo).to.include('трёх лет');
    for (const address of ['reports', 'reports/export', 'reports/unaided/export']) {
      const page = await deputy.get(`${address}?dayFrom=2016-01-01&dayTo=2026-01-01&format=xlsx`);
      expect(page.status, address).to.equal(400);
      expect(page.body, address).to.include('трёх лет');
    }
  });

  describe('over more than 200 consultations and questions', () => {
    const MARCH = 'dayFrom=2024-03-01&dayTo=2024-03-31';
    const IDLE = 200;
    /** Worked out by hand from what `before` writes; times are the centre’s, in March. */
    const MATHS = {
      ...{ planned: 5, held: 2, cancelled: 1, unmarked: 1, academicHours: 3, bookings: 7, attendance: 50 },
      ...{ questions: 3, answered: 2, overdue: 1, answerTime: 3.5 * HOUR },
    };
    let path: string;

    const model = (name: string) => testApp.storage.connection.model(name);
    const march = async (by: Visitor, query = ''): Promise<Page> =>
      (await by.json('GET', `reports?${MARCH}${query}`)).data as Page;
    const counted = async (by: Visitor, query = ''): Promise<Page> => {
      expect((await march(by, query)).state).to.equal('waiting');
      await testApp.app.jobs.drain();
      return march(by, query);
    };

    before(async () => {
      // Here work is done when a test says so.
      await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
      const slot = await model('ConsultationSlot').findById(heldSlot).lean<Record<string, unknown>>();
      const { courseId, seriesId, teacherId } = slot as Record<string, string>;
      const physicist = await personIdOf(testApp, '13');
      const at = (day: number, minutes = 0): Date => new Date(Date.UTC(2024, 2, day, 9, minutes));
      const slotOf = (teacher: string, day: number, length: number, state = 'open') => ({
        ...{ _id: new Types.ObjectId(), kind: 'slot', courseId, seriesId, teacherId: teacher, state },
        ...{ version: 1, cancellation: null, startsAt: at(day), endsAt: at(day, length) },
      });
      const idle = Array.from({ length: IDLE }, (_, index) => slotOf(physicist, 1 + (index % 31), 30));
      const both = slotOf(teacherId!, 4, 45);
      const some = slotOf(teacherId!, 5, 90);
      const missed = slotOf(teacherId!, 6, 45);
      const unmarked = slotOf(teacherId!, 7, 45);
      const cancelled = slotOf(teacherId!, 8, 45, 'cancelled');
      // The last moment of February, and the first of April, where the centre is.
      const outside = [new Date('2024-02-29T20:59:00Z'), new Date('2024-03-31T21:00:00Z')].map(
        (startsAt) => ({
          ...slotOf(teacherId!, 1, 45),
          ...{ startsAt, endsAt: new Date(startsAt.getTime() + 45 * MINUTE) },
        }),
      );
      let claims = 0;
      const bookings = (of: typeof both, count: number) =>
        Array.from({ length: count }, () => ({
          ...{ _id: new Types.ObjectId(), kind: 'booking', slotId: of._id.toString(), courseId, seriesId },
          ...{ personId: 'p', personIds: ['p'], bookedBy: 'p', question: '', state: 'booked' },
          ...{ startsAt: of.startsAt, endsAt: of.endsAt, bookedAt: of.startsAt, cancellation: null },
          ...{ movedFrom: null, tellOnly: false, offeredUntil: null, claims: [`march:${++claims}`] },
        }));
      const record = (of: typeof both, ...marks: string[]) => ({
        ...{ courseId, seriesId, slotId: of._id.toString(), sharedNote: '', confidentialNote: '' },
        entries: marks.map((mark) => ({ bookingId: 'b', personId: 'p', mark, points: null, note: '' })),
        ...{ minutes: [], markedAt: of.endsAt, markedBy: teacherId, version: 1 },
      });
      await testApp.storage.connection
        .collection('schedule_times')
        .insertMany([
          ...[...idle, both, some, missed, unmarked, cancelled, ...outside],
          ...[...bookings(both, 2), ...bookings(some, 3), ...bookings(missed, 1), ...bookings(unmarked, 1)],
        ]);
      await model('ConsultationRecord').collection.insertMany([
        record(both, 'attended', 'late'),
        record(some, 'attended', 'no-show', 'excused'),
        record(missed, 'no-show'),
      ]);
      const question = (day: number, answerTime: number | null) => ({
        ...{ courseId, studentId: 'p', to: { kind: 'teacher', id: teacherId }, subject: 'x', takenBy: '' },
        ...{ state: answerTime === null ? 'new' : 'answered', messages: [], askedAt: at(day) },
        ...{ answeredAt: answerTime === null ? null : at(day, 59), answerTime },
        ...{ dueAt: answerTime === null ? at(day + 1) : null, escalation: 0, lastAt: at(day), version: 1 },
      });
      await model('Question').collection.insertMany([
        question(11, 2 * HOUR),
        question(12, 5 * HOUR),
        question(13, null),
      ]);
      path = `reports?${MARCH}`;
    });

    it('have a page that says how far they are, and moves on with a script and without one', async () => {
      const page = await deputy.get(path);
      expect(page.status).to.equal(200);
      expect(page.body)
        .to.include('data-live-waits')
        .and.include('Считаем: 0 из 2')
        .and.include('<progress')
        .and.match(/<noscript>\s*<meta http-equiv="refresh" content="3">\s*<\/noscript>/)
        .and.not.include('class="tiles"');
      await testApp.app.jobs.drain();
      expect((await deputy.get(path)).body)
        .to.include('Посчитано')
        .and.include('class="tiles"')
        .and.include('<svg class="chart"')
        .and.not.include('data-live-waits');
    });

    it('count a month as it is counted by hand, by whatever it is grouped', async () => {
      const byTeacher = await march(deputy);
      expect(byTeacher.total).to.include({ ...MATHS, planned: 5 + IDLE });
      const row = (page: Page, name: string) => page.rows.find((found) => found.name.startsWith(name));
      expect(row(byTeacher, 'Соколова')).to.include(MATHS);
      expect(row(byTeacher, 'Физик')).to.include({ planned: IDLE, held: 0, unmarked: 0, bookings: 0 });
      const [maths, none, ...more] = (await counted(deputy, '&by=association')).rows;
      expect(maths).to.include({ ...MATHS, name: 'Математики' });
      expect(none, 'the physicist is in no association').to.include({ key: '', planned: IDLE });
      expect(more).to.deep.equal([]);
      expect((await deputy.get(`reports?${MARCH}&by=association`)).body).to.include('Вне объединений');
      const whole = { ...MATHS, planned: 5 + IDLE };
      expect((await counted(deputy, '&by=programme')).rows[0]).to.include({ ...whole, name: 'Юный физик' });
      expect((await counted(deputy, '&by=course')).rows[0]).to.include(whole);
      expect((await counted(deputy, '&by=month')).rows[0]).to.include({ ...whole, name: '2024-03' });
    });

    it('are shown again for ten minutes, with the time of counting, and counted again by a button', async () => {
      const { countedAt, total } = await march(deputy);
      expect(countedAt).to.be.a('string');
      await model('ConsultationSlot').updateOne(
        { startsAt: new Date('2024-03-08T09:00:00Z'), state: 'cancelled' },
        { state: 'open' },
      );
      expect((await march(deputy)).total).to.deep.equal(total);
      const again = await deputy.submit(`reports/again?${MARCH}`, {});
      expect(new URL(again.url).search).to.include('dayFrom=2024-03-01');
      expect(again.body).to.include('data-live-waits');
      await testApp.app.jobs.drain();
      expect((await march(deputy)).total.cancelled).to.equal(total.cancelled - 1);
      testApp.clock.advance(11 * MINUTE);
      expect((await march(deputy)).state).to.equal('waiting');
      await testApp.app.jobs.drain();
    });

    it('are counted for those who answer for a part from that part, and shown to no others', async () => {
      const { rows, total } = await counted(head);
      expect(rows.map(({ name }) => name.split(' ')[0])).to.deep.equal(['Соколова']);
      expect(total.planned).to.equal(5);
      for (const address of [path, `reports/export?format=csv&${MARCH}`])
        expect((await teacher.get(address)).status).to.equal(403);
      expect((await teacher.submit(`reports/again?${MARCH}`, {})).status).to.equal(403);
    });

    it('go on when the process was killed before it put the job in, and say when they cannot be counted', async () => {
      expect((await march(deputy, '&by=course')).state).to.equal('waiting');
      await model('Job').deleteMany({ name: 'count-report' });
      expect((await counted(deputy, '&by=course')).state).to.equal('ready');
      await model('CountedReport').updateMany({}, { state: 'failed', problem: 'tooLarge' });
      expect((await deputy.get(`${path}&by=course`)).body)
        .to.include('Отчёт слишком большой')
        .and.include('Посчитать заново');
    });

    it('are a file at once where they are counted, and by a job otherwise', async () => {
      await deputy.submit(`reports/again?${MARCH}`, {});
      await testApp.app.jobs.drain();
      const ask = (query: string) => deputy.get(`reports/export?format=csv&${query}`, { follow: false });
      expect((await ask(MARCH)).body)
        .to.include('Соколова')
        .and.include('Физик');
      const { status, headers } = await ask('dayFrom=2024-02-01&dayTo=2024-03-31');
      expect(status).to.equal(303);
      await testApp.app.jobs.drain();
      const file = await deputy.get(`${new URL(headers.get('location')!, testApp.origin).pathname}/file`);
      expect(file.body).to.include('Соколова').and.include('Физик');
    });

    it('end with an erasure: they name people', async () => {
      const by = { kind: 'terminal', id: '', name: 'test' } as const;
      await testApp.app.features.privacy.service.erase(by, await personIdOf(testApp, '104'));
      await testApp.app.jobs.drain();
      expect(await model('CountedReport').countDocuments()).to.equal(0);
    });
  });

  it('draw charts without styles, and say the median', () => {
    const svg = barChart('<Часы>', ['а&б', 'в'], [{ name: 'x', values: [3, null] }]);
    expect(svg).to.include('&#60;Часы&#62;').and.include('а&#38;б').and.not.include('style');
    expect(medianOf([5, 1, 3])).to.equal(3);
    expect(medianOf([1, 3])).to.equal(2);
    expect(medianOf([])).to.equal(null);
  });
});
