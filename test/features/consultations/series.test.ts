import { expect } from 'chai';
import { DAY } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  book,
  bookingOf,
  comeAs,
  day,
  EVERY_DAY,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  typed,
  wish,
  type SlotSeen,
  ask,
} from './fixtures.js';

describe('consultations: series', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
  });
  after(() => testApp.close());

  it('is made by a form: first its slots are shown, then they are there', async () => {
    const form = await teacher.get('consultations/new');
    expect(form.status).to.equal(200);
    const values = typed(wish(testApp, 1, { title: 'Подготовка <i>к</i> "зачёту"', to: day(testApp, 2) }));
    const preview = await teacher.submit('consultations/preview', values);
    expect(preview.status).to.equal(200);
    expect(preview.body)
      .to.include('Создать 4 консультации')
      .and.include('Подготовка &lt;i&gt;к&lt;/i&gt; &#34;зачёту&#34;');
    expect((await teacher.get('consultations')).body).to.not.include('зачёту');

    const made = await teacher.submit('consultations/new', values);
    expect(made.status).to.equal(200);
    expect(made.body).to.include('Серия создана').and.include('Подготовка &lt;i&gt;к&lt;/i&gt;');
    expect((await student.get('consultations')).body).to.include('Подготовка &lt;i&gt;к&lt;/i&gt;');
  });

  it('tells its slots as JSON too, before and after', async () => {
    const preview = await ask(teacher, 'POST', 'consultations/preview', wish(testApp, 3));
    expect(preview.status).to.equal(200);
    expect(preview.data.preview.free).to.equal(2);
    const previewed = preview.data.preview.days[0]!.slots;
    expect(previewed.map(({ taken }) => taken)).to.deep.equal([false, false]);
    const slots = await slotsOf(teacher, await offer(testApp, teacher, 3));
    expect(slots.map(({ startsAt }) => startsAt)).to.deep.equal(previewed.map(({ startsAt }) => startsAt));
    expect(slots[0]!.startsAt).to.equal(`${day(testApp, 3)}T12:00:00.000Z`);
  });

  it('leaves out what conflicts with the teacher’s own slots, and says so before and after', async () => {
    await offer(testApp, teacher, 4, { start: '15:30', end: '16:00' });
    const both = wish(testApp, 4, { start: '15:15', end: '16:45' });
    const preview = await ask(teacher, 'POST', 'consultations/preview', both);
    const taken = preview.data.preview.days[0]!.slots.map((slot) => slot.taken);
    expect(taken).to.deep.equal([true, true, false]);
    const page = await teacher.submit('consultations/preview', typed(both));
    expect(page.body)
      .to.include('Создать 1 консультацию')
      .and.include('2 консультации совпадают по времени с другими');

    const id = await offer(testApp, teacher, 4, { start: '15:15', end: '16:45' });
    expect(await slotsOf(teacher, id)).to.have.length(1);
    const { data } = await ask(teacher, 'GET', `consultations/${id}`);
    expect(data.series.leftOut).to.have.length(2);
    expect((await teacher.get(`consultations/${id}`)).body).to.include('2 консультации не созданы');
    // Not the student's business.
    expect((await ask(student, 'GET', `consultations/${id}`)).data.series).to.not.have.property('leftOut');
  });

  it('is refused when all of its time is taken', async () => {
    await offer(testApp, teacher, 5);
    const refused = await ask(teacher, 'POST', 'consultations/new', wish(testApp, 5));
    expect(refused.status).to.equal(400);
    expect(refused.data.fields).to.have.key('start');
  });

  it('conflicts with the teacher’s slots of another course', async () => {
    const here = await testApp.launch({ person: '17', course: '2' });
    const there = await testApp.launch({ person: '17', course: '3' });
    await offer(testApp, here, 1);
    const refused = await ask(there, 'POST', 'consultations/new', wish(testApp, 1));
    expect(refused.data.fields).to.have.key('start');
    // Another teacher's time is another's.
    await offer(testApp, await testApp.launch({ person: '15', course: '3' }), 1);
  });

  it('stays at the same hour in Berlin over a change of clocks, and is the same all year in Moscow', async () => {
    // The next change in Europe, whichever it is: the last Sunday of March or October.
    const changes = (zone: string, from: Date): Date => {
      const hour = (at: Date): string =>
        new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit' }).format(at);
      let at = new Date(`${from.toISOString().slice(0, 10)}T12:00:00Z`);
      const first = hour(at);
      while (hour(at) === first) at = new Date(at.getTime() + DAY);
      return at;
    };
    const change = changes('Europe/Berlin', testApp.clock.now());
    const date = (days: number): string => new Date(change.getTime() + days * DAY).toISOString().slice(0, 10);
    const around = { from: date(-2), to: date(1), start: '10:00', end: '10:30', weekdays: EVERY_DAY };
    const utc = (slots: readonly SlotSeen[]): string[] => slots.map(({ startsAt }) => startsAt.slice(11, 16));

    const berlin = utc(
      await slotsOf(teacher, await offer(testApp, teacher, 0, { ...around, zone: 'Europe/Berlin' })),
    );
    expect(berlin).to.have.members(['08:00', '08:00', '09:00', '09:00']);
    expect(new Set([berlin[0], berlin[1]]).size).to.equal(1);
    const moscow = utc(
      await slotsOf(teacher, await offer(testApp, teacher, 0, { ...around, zone: 'Europe/Moscow' })),
    );
    expect(moscow).to.deep.equal(['07:00', '07:00', '07:00', '07:00']);
  });

  describe('refuses wrong input by the name of its field, and keeps what was typed', () => {
    const cases: [field: string, what: string, changes: (h: TestApp) => Record<string, unknown>][] = [
      ['title', 'empty', () => ({ title: ' ' })],
      ['title', 'too long', () => ({ title: 'ы'.repeat(121) })],
      ['type', 'unknown', () => ({ type: 'asynchronous' })],
      ['place', 'neither place nor link', () => ({ place: '', link: '' })],
      ['link', 'a link that would run', () => ({ link: 'javascript:alert(1)' })],
      ['link', 'a link to nowhere', () => ({ link: 'https://' })],
      ['capacity', 'none', () => ({ capacity: 0 })],
      ['capacity', 'two for an individual one', () => ({ type: 'individual', capacity: 2 })],
      ['capacity', 'not a number', () => ({ capacity: 'много' })],
      ['from', 'yesterday', (h) => ({ from: day(h, -1), to: day(h, 1) })],
      ['from', 'no such date', () => ({ from: '2027-02-30', to: '2027-03-01' })],
      ['to', 'before the first day', (h) => ({ to: day(h, 28) })],
      ['to', 'further than a year', (h) => ({ to: day(h, 400) })],
      ['to', 'too many slots', (h) => ({ to: day(h, 300), start: '08:00', end: '20:00' })],
      ['weekdays', 'none', () => ({ weekdays: [] })],
      ['weekdays', 'no such day', () => ({ weekdays: [8] })],
      ['start', 'off the grid', () => ({ start: '15:02' })],
      ['start', 'no such hour', () => ({ start: '25:00' })],
      ['end', 'at the start', () => ({ end: '15:00' })],
      ['length', 'longer than the hours', () => ({ length: 65 })],
      ['length', 'off the grid', () => ({ length: 7 })],
      ['gap', 'negative', () => ({ gap: -5 })],
      ['zone', 'unknown', () => ({ zone: 'Europe/Нигде' })],
      ['question', 'unknown', () => ({ question: 'maybe' })],
      ['closesHours', 'too many', () => ({ closesHours: 1000 })],
      ['cancelHours', 'negative', () => ({ cancelHours: -1 })],
      ['names', 'unknown', () => ({ names: '' })],
    ];
    for (const [field, what, changes] of cases) {
      it(`${field}: ${what}`, async () => {
        const values = wish(testApp, 29, { description: 'Не потерять', ...changes(testApp) });
        for (const path of ['consultations/new', 'consultations/preview']) {
          const json = await ask(teacher, 'POST', path, values);
          expect(json.status, JSON.stringify(json.data)).to.equal(400);
          expect(json.data.fields).to.have.all.keys(field);
          const page = await teacher.submit(path, typed(values));
          expect(page.status).to.equal(400);
          expect(page.body).to.include('Не потерять').and.include('class="error"');
        }
      });
    }

    it('weekdays that do not come in the range', async () => {
      const date = day(testApp, 29);
      const weekday = new Date(`${date}T00:00Z`).getUTCDay() || 7;
      const values = wish(testApp, 29, { weekdays: EVERY_DAY.filter((item) => item !== weekday) });
      expect((await ask(teacher, 'POST', 'consultations/new', values)).data.fields).to.have.key('weekdays');
    });
  });

  it('is edited: name, place and rules, and more seats but not fewer', async () => {
    const id = await offer(testApp, teacher, 7, { capacity: 2 });
    const slot = await firstSlot(student, id);
    expectDone(await book(student, slot));
    expectDone(await book(await testApp.launch({ person: '105', course: '2' }), slot));
    const another = await testApp.launch({ person: '104', course: '2' });
    expect((await book(another, slot)).data.code).to.equal('slot-full');
    const form = await teacher.get(`consultations/${id}/edit`);
    expect(form.body).to.include('value="Разбор задач"');
    const terms = {
      ...wish(testApp, 7),
      title: 'Разбор ошибок',
      place: 'Кабинет 3',
      capacity: 3,
      cancelHours: 300,
    };
    const edited = await teacher.submit(`consultations/${id}/edit`, typed(terms));
    expect(edited.body).to.include('Изменения сохранены').and.include('Разбор ошибок');
    expect(await bookingOf(student, slot)).to.include({
      title: 'Разбор ошибок',
      place: 'Кабинет 3',
      mayCancel: false,
    });
    expectDone(await book(another, slot));

    const fewer = await teacher.submit(`consultations/${id}/edit`, typed({ ...terms, capacity: 2 }));
    expect(fewer.status).to.equal(400);
    expect(fewer.body).to.include('можно только увеличить').and.include('Разбор ошибок');
    const untitled = await ask(teacher, 'POST', `consultations/${id}/edit`, { ...terms, title: '' });
    expect(untitled.data.fields).to.have.key('title');
  });

  it('gets more slots on another day, unless that time is taken', async () => {
    const id = await offer(testApp, teacher, 8);
    const more = { date: day(testApp, 9), start: '10:00', end: '11:00' };
    expectDone(await ask(teacher, 'POST', `consultations/${id}/slots`, more));
    expect(await slotsOf(teacher, id)).to.have.length(4);
    const again = await teacher.submit(`consultations/${id}/slots`, {
      ...more,
      start: '10:30',
      end: '11:30',
    });
    expect(again.status).to.equal(400);
    expect(again.body).to.include('уже есть консультация').and.include('value="10:30"');
    for (const [field, changes] of [
      ['date', { date: day(testApp, -1) }],
      ['date', { date: 'завтра' }],
      ['end', { end: '10:00' }],
      ['end', { end: '10:20' }],
      ['start', { start: '10:01' }],
    ] as const) {
      const wrong = await ask(teacher, 'POST', `consultations/${id}/slots`, { ...more, ...changes });
      expect(wrong.status).to.equal(400);
      expect(wrong.data.fields).to.have.key(field);
    }
    expect(await slotsOf(teacher, id)).to.have.length(4);
  });

  it('ends: free slots go, what is booked takes place, and its time is free', async () => {
    const id = await offer(testApp, teacher, 10);
    const [first, second] = await slotsOf(student, id);
    expectDone(await book(student, first!.slotId));
    expectDone(await ask(teacher, 'POST', `consultations/${id}/end`));
    expectDone(await ask(teacher, 'POST', `consultations/${id}/end`));
    expect((await slotsOf(teacher, id)).map(({ slotId }) => slotId)).to.deep.equal([first!.slotId]);
    expect((await bookingOf(student, first!.slotId)).state).to.equal('booked');
    const late = await testApp.launch({ person: '105', course: '2' });
    expect((await book(late, first!.slotId)).data.code).to.equal('series-ended');
    expect((await book(late, second!.slotId)).data.code).to.equal('slot-cancelled');
    const more = { date: day(testApp, 11), start: '10:00', end: '11:00' };
    const refused = await ask(teacher, 'POST', `consultations/${id}/slots`, more);
    expect(refused.data.code).to.equal('series-ended');
    expect((await student.get(`consultations/${id}`)).body).to.include('Серия завершена');
    expect(JSON.stringify((await ask(teacher, 'GET', 'consultations')).data.series)).to.not.include(id);
    await offer(testApp, teacher, 10, { start: '15:30', end: '16:00' });
  });

  it('can be made for a teacher of the course by a methodist only', async () => {
    const methodist = await comeAs(testApp, 'methodist', { person: '3', course: '2' });
    const form = await ask(methodist, 'GET', 'consultations/new');
    const chosen = (form.data.teachers as { id: string; name: string }[]).find(({ name }) =>
      name.startsWith('Соколова'),
    )!;
    const id = await offer(testApp, methodist, 12, { teacher: chosen.id });
    expect((await slotsOf(teacher, id))[0]).to.include({ teacher: 'Соколова Елена Викторовна' });
    const foreign = await ask(
      methodist,
      'POST',
      'consultations/new',
      wish(testApp, 13, { teacher: '0123456789abcdef01234567' }),
    );
    expect(foreign.data.fields).to.have.key('teacher');
    const colleague = await testApp.launch({ person: '12', course: '2' });
    expect((await ask(colleague, 'GET', 'consultations/new')).data.teachers).to.be.empty;
    expect(
      (await ask(colleague, 'POST', 'consultations/new', wish(testApp, 13, { teacher: chosen.id }))).status,
    ).to.equal(403);
    // Their own by themselves: an empty choice means "me".
    await offer(testApp, methodist, 13, { teacher: '' });
  });

  it('pages through many slots without losing or repeating one', async () => {
    const many = await testApp.launch({ person: '13', course: '2' });
    const id = await offer(testApp, many, 20, {
      to: day(testApp, 24),
      start: '08:00',
      end: '20:00',
      length: 20,
    });
    for (const visitor of [many, student]) {
      const seen: string[] = [];
      let path: string | null = `consultations/${id}`;
      while (path !== null) {
        const { data }: { data: { days: { slots: SlotSeen[] }[]; next: string | null } } = await ask(
          visitor,
          'GET',
          path,
        );
        seen.push(...data.days.flatMap(({ slots }) => slots.map(({ slotId }) => slotId)));
        path = data.next === null ? null : `consultations/${id}?from=${data.next}`;
      }
      expect(seen).to.have.length(180);
      expect(new Set(seen).size).to.equal(180);
    }
  });
});
