import { expect } from 'chai';
import { DAY, SECOND } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, book, bookingsOf, expectDone, FAR_ZONE, firstSlot, offer, type Answer } from './fixtures.js';

interface AttendanceSeen {
  state: string;
  version: number;
  sharedNote: string;
  confidentialNote: string;
  minutes: { id: string; name: string }[];
  rows: { personId: string; name: string; mark: string; points: number | null; note: string }[];
}

const attendanceOf = async (visitor: Visitor, slot: string): Promise<AttendanceSeen> =>
  (
    (await ask(visitor, 'GET', `consultations/slots/${slot}`)).data as unknown as {
      attendance: AttendanceSeen;
    }
  ).attendance;

const save = (visitor: Visitor, slot: string, body: object): Promise<Answer> =>
  ask(visitor, 'POST', `consultations/slots/${slot}/attendance`, body);

describe('consultations that have begun', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let colleague: Visitor;
  let ann: Visitor;
  let ben: Visitor;
  let eve: Visitor;

  async function comeIn(): Promise<void> {
    teacher = await testApp.launch({ person: '11', course: '2' });
    colleague = await testApp.launch({ person: '13', course: '2' });
    ann = await testApp.launch({ person: '101', course: '2' });
    ben = await testApp.launch({ person: '104', course: '2' });
    eve = await testApp.launch({ person: '103', course: '2' });
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

  it('marks everyone of a slot as attended by one button, and counts the slot as held', async () => {
    const { series, slot } = await past();
    expect((await attendanceOf(teacher, slot)).state).to.equal('planned');
    const page = await teacher.submit(`consultations/slots/${slot}/attendance`, {
      version: '0',
      all: 'attended',
    });
    expect(page.url).to.contain('attendanceSaved');
    const seen = await attendanceOf(teacher, slot);
    expect(seen).to.include({ state: 'held', version: 1 });
    expect(seen.rows.map(({ mark }) => mark)).to.deep.equal(['attended', 'attended']);
    expect((await bookingsOf(ann)).past.find(({ slotId }) => slotId === slot)?.attendance).to.include({
      mark: 'attended',
      state: 'held',
    });
    expect((await teacher.get('consultations?when=past')).body).to.contain('Проведена');
    const file = await teacher.get(
      `consultations/${series}/bookings/export?format=csv&columns=student,attendance`,
    );
    expect(file.body.match(/;Присутствовал\(а\)/g)).to.have.length(2);
  });

  it('keeps a mark that was chosen when the rest is marked by the button', async () => {
    const { slot } = await past();
    const [first, second] = (await attendanceOf(teacher, slot)).rows;
    const marks = { [`mark_${second!.personId}`]: 'no-show' };
    expectDone(await save(teacher, slot, { version: 0, all: 'attended', ...marks }));
    const seen = await attendanceOf(teacher, slot);
    expect(seen.rows.map(({ personId, mark }) => [personId, mark])).to.deep.equal([
      [first!.personId, 'attended'],
      [second!.personId, 'no-show'],
    ]);
  });

  it('counts a slot as missed when nobody came', async () => {
    const { slot } = await past();
    expectDone(await save(teacher, slot, { version: 0, all: 'no-show' }));
    expect((await attendanceOf(teacher, slot)).state).to.equal('missed');
  });

  it('refuses attendance before the slot begins', async () => {
    const series = await offer(testApp, teacher, 1, { start: '08:00', end: '09:00' });
    const slot = await firstSlot(teacher, series);
    expectDone(await book(ann, slot));
    const refused = await save(teacher, slot, { version: 0, all: 'attended' });
    expect([refused.status, refused.data.code]).to.deep.equal([409, 'slot-not-begun']);
    expect(await attendanceOf(teacher, slot)).to.equal(null);
  });

  it('refuses attendance that another has changed meanwhile', async () => {
    const { slot } = await past();
    expectDone(await save(teacher, slot, { version: 0, all: 'attended' }));
    const late = await save(teacher, slot, { version: 0, all: 'no-show' });
    expect([late.status, late.data.code]).to.deep.equal([409, 'attendance-stale']);
    expect((await attendanceOf(teacher, slot)).state).to.equal('held');
  });

  for (const [what, field, value] of [
    ['an unknown mark', 'mark', 'asleep'],
    ['more points than the maximum', 'points', '11'],
    ['points that are no number', 'points', 'пять'],
    ['a booking of another slot', 'foreign', 'attended'],
  ] as const) {
    it(`refuses ${what} by the name of its field`, async () => {
      const { slot } = await past({ grading: 'mean', gradeMaximum: 10 });
      const { personId } = (await attendanceOf(teacher, slot)).rows[0]!;
      const name = field === 'foreign' ? `mark_${'0'.repeat(24)}` : `${field}_${personId}`;
      const refused = await save(teacher, slot, { version: 0, [name]: value });
      expect(refused.status).to.equal(400);
      expect(refused.data.fields).to.have.property(name);
      expect((await attendanceOf(teacher, slot)).version).to.equal(0);
    });
  }

  it('shows a shared note to those who booked and a confidential one to teachers alone', async () => {
    const { slot } = await past();
    const { personId } = (await attendanceOf(teacher, slot)).rows[0]!;
    expectDone(
      await save(teacher, slot, {
        version: 0,
        all: 'attended',
        sharedNote: 'Повторить теорему Виета',
        confidentialNote: 'Нужна помощь психолога',
        [`note_${personId}`]: 'Хорошо решено',
      }),
    );
    const annPage = (await ann.get(`consultations/slots/${slot}`)).body;
    expect(annPage).to.contain('Повторить теорему Виета').and.to.contain('Хорошо решено');
    const benPage = (await ben.get(`consultations/slots/${slot}`)).body;
    expect(benPage).to.contain('Повторить теорему Виета').and.not.to.contain('Хорошо решено');
    for (const visitor of [ann, ben, eve, colleague]) {
      const { body } = await visitor.get(`consultations/slots/${slot}`);
      expect(body).not.to.contain('психолога');
    }
    expect((await eve.get(`consultations/slots/${slot}`)).body).not.to.contain('Виета');
    expect((await teacher.get(`consultations/slots/${slot}`)).body).to.contain('Нужна помощь психолога');
    expect((await save(colleague, slot, { version: 1, all: 'no-show' })).status).to.equal(403);
    expect((await save(ann, slot, { version: 1, all: 'no-show' })).status).to.equal(403);
  });

  it('keeps minutes as files for those who booked, by their content', async () => {
    const { slot } = await past();
    const path = `consultations/slots/${slot}/minutes`;
    const file = (name: string, content: string | Buffer) => [{ field: 'minutes', name, content }];
    const refused = await teacher.upload(path, file('протокол.pdf', '<script>alert(1)</script>'));
    expect(refused.status).to.equal(400);
    expect(refused.body).to.contain('Такие файлы не принимаются');
    const saved = await teacher.upload(path, file('протокол.txt', 'Разобрали задачу 5'));
    expect(saved.url).to.contain('minutesSaved');
    const [kept] = (await attendanceOf(teacher, slot)).minutes;
    expect(kept?.name).to.equal('протокол.txt');
    expect((await ann.get(`files/${kept!.id}`)).body).to.equal('Разобрали задачу 5');
    expect((await ann.get(`consultations/slots/${slot}`)).body).to.contain('протокол.txt');
    for (const visitor of [eve, colleague])
      expect((await visitor.get(`files/${kept!.id}`)).status).to.equal(404);
    await testApp.app.files.sweep();
    expect((await ben.get(`files/${kept!.id}`)).status).to.equal(200);
    expectDone(await ask(teacher, 'POST', `${path}/${kept!.id}/remove`));
    expect((await ann.get(`files/${kept!.id}`)).status).to.equal(404);
  });

  describe('with a grade', () => {
    const gradeOf = (column: string, person: string) =>
      testApp.lms.control.grade(column, person)?.score ?? null;

    /** Runs jobs until the gradebook has these scores: another runner may be sending them at this moment. */
    async function arrive(column: string, scores: Record<string, number>): Promise<void> {
      const wanted = Object.entries(scores);
      for (let turn = 0; turn < 200; turn += 1) {
        await testApp.app.jobs.drain();
        if (wanted.every(([person, score]) => gradeOf(column, person) === score)) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(Object.fromEntries(wanted.map(([person]) => [person, gradeOf(column, person)]))).to.deep.equal(
        scores,
      );
    }

    /** Places a series into the course as Deep Linking would. Returns its gradebook column. */
    async function place(series: string, scoreMaximum: number): Promise<string> {
      const { control } = testApp.lms;
      const link = control.addActivity('2', control.tools()[0]?.id ?? '', {
        title: 'Консультации',
        custom: `nastavnik_kind=consultations\nnastavnik_id=${series}`,
        column: { scoreMaximum },
      });
      await testApp.launch({ person: '101', course: '2', link: link.id });
      return control.columnsOfActivity(link.id)[0]?.id ?? '';
    }

    it('brings the mean of the points of attendance to the gradebook', async () => {
      const { series, slot } = await past({ grading: 'mean', gradeMaximum: 10 });
      const column = await place(series, 10);
      const [first, second] = (await attendanceOf(teacher, slot)).rows;
      expectDone(
        await save(teacher, slot, {
          version: 0,
          [`mark_${first!.personId}`]: 'attended',
          [`points_${first!.personId}`]: '7,5',
          [`mark_${second!.personId}`]: 'no-show',
        }),
      );
      await arrive(column, { 101: 7.5, 104: 0 });

      const sent = { version: 1, [`mark_${first!.personId}`]: 'late', [`points_${first!.personId}`]: '9' };
      testApp.clock.advance(SECOND);
      expectDone(await save(teacher, slot, sent));
      await arrive(column, { 101: 9 });
    });

    it('brings scores that were there before the line item', async () => {
      const { series, slot } = await past({ grading: 'fixed', gradeMaximum: 5 });
      expectDone(await save(teacher, slot, { version: 0, all: 'attended' }));
      await testApp.app.jobs.drain();
      const column = await place(series, 5);
      await arrive(column, { 101: 5, 104: 5 });
    });
  });

  it('prints a sheet to sign with those who booked and empty lines', async () => {
    const { slot } = await past();
    const { body } = await teacher.get(`consultations/slots/${slot}/sheet`);
    expect(body.match(/class="sign"/g)).to.have.length(5);
    expect(body).to.contain('Лист регистрации');
    expect((await ann.get(`consultations/slots/${slot}/sheet`)).status).to.equal(403);
    // It hangs on the door of the place, wherever its teacher is.
    teacher.browser.setCookie(testApp.origin, FAR_ZONE);
    const far = (await teacher.get(`consultations/slots/${slot}/sheet`)).body;
    expect(far).to.contain('>15:00<').and.not.contain('22:00');
    // Scripts write these anew, in the zone of the browser.
    expect(/<dd>[^]*?<\/dl>/u.exec(far)?.[0])
      .to.contain('<time')
      .and.not.contain('data-style');
  });
});
