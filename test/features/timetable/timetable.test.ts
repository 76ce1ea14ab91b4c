import { expect } from 'chai';
import writeXlsxFile from 'write-excel-file/node';
import { ALL_SCOPES, SCOPE } from '../../../scripts/demo-lms/index.js';
import { newToken } from '../../../src/shared/ids.js';
import { HOUR } from '../../../src/shared/clock.js';
import { addDays, dateIn, mondayOf, weekdayOf } from '../../../src/shared/days.js';
import { instantAt } from '../../../src/shared/zoned.js';
import { daysOf, timesOn } from '../../../src/features/timetable/days.js';
import { headingRowOf, proposedMap } from '../../../src/features/timetable/import/mapping.js';
import { weekdayIn } from '../../../src/features/timetable/import/reading.js';
import { clockTimesIn, dateOf } from '../../../src/shared/written-times.js';
import { startTestApp, type Reply, type TestApp, type Visitor } from '../../support/test-app.js';
import type { JsonReply } from '../../support/visitor.js';
import { book, day, expectDone, offer, slotsOf } from '../consultations/fixtures.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';

interface Item {
  kind: string;
  id: string;
  title: string;
  teacher: string;
  substitute: string;
  cancelled: boolean;
  place: string;
  startsAt: string;
}

interface Preview {
  map: object;
  count: number;
  classes: { group: string }[];
  faults: object[];
  errors: object;
  state: string;
  week: string;
}

/** The code of a refusal. */
const codeOf = ({ data }: JsonReply): string => (data as { code: string }).code;

describe('the timetable', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let colleague: Visitor;
  let ann: Visitor;

  before(async () => {
    testApp = await startTestApp({ env: { ROSTER_HOURS: '6' } });
    testApp.lms.control.changeTool(testApp.lms.control.tools()[0]!.id, {
      scopes: [...ALL_SCOPES, SCOPE.groups],
    });
    teacher = await testApp.launch({ person: '11', course: '2' });
    colleague = await testApp.launch({ person: '12', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    await testApp.app.jobs.drain();
  });
  after(() => testApp.close());

  const plan = (by: Visitor, fields: Record<string, string | string[]>): Promise<Reply> =>
    by.submit('timetable/new', {
      ...{ title: 'Алгебра', from: day(testApp, 2), start: '09:00', end: '09:45', place: 'Кабинет 214' },
      ...{ key: newToken() },
      ...fields,
    });
  const week = async (by: Visitor, of = day(testApp, 2)): Promise<Item[]> =>
    ((await by.json('GET', `timetable?week=${of}`)).data as { days: { items: Item[] }[] }).days.flatMap(
      ({ items }) => items,
    );
  const preview = async (address: string): Promise<Preview> =>
    (await teacher.json('GET', `timetable/import/${address}`)).data as Preview;
  const named = async (by: Visitor, title: string, of?: string): Promise<Item> =>
    (await week(by, of)).find((item) => item.title === title)!;

  describe('classes', () => {
    it('of a week at the end of the calendar are those of this week', async () => {
      for (const of of ['9999-12-31', '0001-01-01', '2026-02-30'])
        expect((await teacher.get(`timetable?week=${of}`)).status, of).to.equal(200);
      // The days are named as briefly as can be: they stand in one line of a telephone.
      expect((await teacher.get('timetable?week=2026-11-26')).body).to.contain('23–29 ноября 2026');
      for (const from of ['9999-12-31', '0001-01-01']) {
        const refused = await plan(teacher, { from });
        expect(refused.status).to.equal(400);
        expect(refused.body, 'what was typed stays').to.contain('Кабинет 214');
      }
    });

    it('are added once or each week, and seen by students beside their consultations', async () => {
      const added = await plan(teacher, { title: 'Геометрия', to: day(testApp, 16), every: '1' });
      expect(added.url, added.body).to.include('timetable.planned');
      for (const ahead of [2, 9, 16])
        expect(await named(ann, 'Геометрия', day(testApp, ahead))).to.include({ kind: 'class' });
      const series = await offer(testApp, teacher, 2, { title: 'Консультация рядом' });
      const [slot] = await slotsOf(ann, series);
      expectDone(await book(ann, slot!.slotId));
      expect((await week(ann)).map(({ kind }) => kind)).to.include.members(['class', 'consultation']);
      expect((await ann.get('')).body)
        .to.include('Ближайшие занятия')
        .and.include('Геометрия');
    });

    it('of a period leave out the days on which the centre is closed', async () => {
      const closedDays = testApp.storage.connection.model('ClosedDay');
      const closed = day(testApp, 9);
      await closedDays.create({ _id: closed, title: 'Праздник' });
      const form = { title: 'Астрономия', start: '17:00', end: '17:45', to: day(testApp, 16), every: '1' };
      expect((await plan(teacher, form)).url).to.include('timetable.planned');
      for (const [ahead, there] of [
        [2, true],
        [9, false],
        [16, true],
      ] as const)
        expect((await week(ann, day(testApp, ahead))).some(({ title }) => title === 'Астрономия')).to.equal(
          there,
        );
      const none = await plan(teacher, { ...form, from: closed, to: closed });
      expect(none.status).to.equal(400);
      await closedDays.deleteOne({ _id: closed });
      // Pages list a few of the next classes.
      await testApp.storage.connection.model('TimetableClass').deleteMany({ title: 'Астрономия' });
    });

    it('take their teacher’s time and their room once', async () => {
      await plan(teacher, { title: 'Первое', start: '11:00', end: '11:45', place: 'Кабинет 7' });
      const sameTeacher = await plan(teacher, { start: '11:30', end: '12:15', place: 'Кабинет 8' });
      expect(sameTeacher.status).to.equal(409);
      expect(sameTeacher.body)
        .to.include('Время занято')
        .and.include('id="f-start-error"')
        .and.include('value="Алгебра"');
      const sameRoom = await plan(colleague, { start: '11:40', end: '12:25', place: 'кабинет  7' });
      expect(sameRoom.status).to.equal(409);
      const online = { place: 'онлайн', start: '11:00', end: '11:45' };
      expect((await plan(colleague, { title: 'Онлайн', ...online })).status).to.equal(200);
    });

    it('of a period are added on the other days, and the taken ones are named', async () => {
      const once = { title: 'Мешающее', start: '07:00', end: '07:45', place: '' };
      await plan(teacher, { ...once, from: day(testApp, 9) });
      const added = await plan(teacher, { ...once, title: 'Ранее', to: day(testApp, 16), every: '1' });
      expect(added.url)
        .to.include('plannedPartly')
        .and.include(`left=${day(testApp, 9)}`);
      expect(added.body).to.include('Не добавлено: в эти дни');
      for (const [ahead, there] of [
        [2, true],
        [9, false],
        [16, true],
      ] as const)
        expect((await week(ann, day(testApp, ahead))).some(({ title }) => title === 'Ранее')).to.equal(there);
      expect((await teacher.get('timetable?left=x')).status).to.equal(200);
      // Pages list a few of the next classes.
      await testApp.storage.connection
        .model('TimetableClass')
        .deleteMany({ title: { $in: ['Ранее', 'Мешающее'] } });
    });

    it('are added once when the form is sent twice', async () => {
      const key = newToken();
      const form = { title: 'Дважды', start: '13:00', end: '13:45', key };
      await plan(teacher, form);
      await plan(teacher, form);
      expect((await week(teacher)).filter(({ title }) => title === 'Дважды')).to.have.length(1);
    });

    it('are refused at a time that does not exist that night', async () => {
      const inZone = async (zone: string): Promise<void> => {
        await testApp.storage.connection
          .model('Centre')
          .updateOne({ _id: 'centre' }, { $set: { zone }, $setOnInsert: { version: 1 } }, { upsert: true });
        // What an administrator sets is seen after three seconds.
        testApp.clock.advance(4_000);
      };
      await plan(teacher, { title: 'Ночное', start: '22:00', end: '22:45', place: '' });
      const { id } = await named(teacher, 'Ночное');
      await inZone('Europe/Berlin');
      const night = { start: '02:30', end: '03:30', place: '', reason: '' };
      const refused = await plan(teacher, { ...night, title: 'Среди ночи', from: '2027-03-28' });
      expect(refused.status).to.equal(400);
      expect(refused.body).to.include('id="f-start-error"').and.include('Среди ночи');
      const moved = await teacher.submit(`timetable/${id}/move`, { ...night, date: '2027-03-28' });
      expect(moved.status).to.equal(400);
      expect(moved.body).to.match(/id="f-[\w-]*start-error"/);
      await inZone('Europe/Moscow');
      expect(timesOn('2026-03-29', '02:30', '03:30', 'Europe/Berlin')).to.equal(null);
      expect(timesOn('2026-03-29', '03:30', '04:30', 'Europe/Berlin')).to.not.equal(null);
      expect(daysOf('2026-11-30', '2026-12-20', [1, 3], 2)).to.deep.equal([
        ...['2026-11-30', '2026-12-02', '2026-12-14', '2026-12-16'],
      ]);
    });

    it('are cancelled with a reason, and put back', async () => {
      await plan(teacher, { title: 'Отменяемое', start: '14:00', end: '14:45' });
      const { id } = await named(teacher, 'Отменяемое');
      expect((await teacher.submit(`timetable/${id}/cancel`, { reason: '' })).status).to.equal(400);
      await teacher.submit(`timetable/${id}/cancel`, { reason: 'Болею' });
      expect(await named(ann, 'Отменяемое')).to.include({ cancelled: true });
      expect((await ann.get(`timetable/${id}`)).body).to.include('Болею');
      expect((await ann.json('POST', `timetable/${id}/restore`)).status).to.equal(403);
      await teacher.submit(`timetable/${id}/restore`);
      expect(await named(ann, 'Отменяемое')).to.include({ cancelled: false });
    });

    it('get a substitute, whose own time must be free', async () => {
      await plan(teacher, { title: 'С заменой', start: '16:00', end: '16:45', place: '' });
      await plan(colleague, { title: 'Мешает', start: '16:30', end: '17:15', place: '' });
      const { id } = await named(teacher, 'С заменой');
      const busy = { teacher: await personIdOf(testApp, '12'), reason: 'Командировка' };
      expect(codeOf(await teacher.json('POST', `timetable/${id}/substitute`, busy))).to.equal(
        'class-time-taken',
      );
      const form = await teacher.submit(`timetable/${id}/substitute`, busy);
      expect(form.status).to.equal(409);
      expect(form.body).to.include('Время занято').and.include('value="Командировка"');
      await teacher.submit(`timetable/${id}/substitute`, {
        teacher: '',
        teacherName: 'Гость Г. Г.',
        reason: 'Болезнь',
      });
      expect(await named(ann, 'С заменой')).to.include({ substitute: 'Гость Г. Г.' });
      // The teacher is free again.
      const free = await plan(teacher, { title: 'Взамен', start: '16:00', end: '16:45', place: '' });
      expect(free.url).to.include('timetable.planned');
    });

    it('carry homework with materials', async () => {
      await plan(teacher, { title: 'С заданием', start: '18:00', end: '18:45' });
      const { id } = await named(teacher, 'С заданием');
      const saved = await teacher.upload(
        `timetable/${id}/homework`,
        [{ field: 'files', name: 'лист.txt', content: 'Задачи' }],
        { fields: { topic: 'Степени', homework: 'Решить $2^x = 8$' } },
      );
      expect(saved.url, saved.body).to.include('homeworkSaved');
      const page = await ann.get(`timetable/${id}`);
      expect(page.body).to.include('<msup>').and.include('лист.txt').and.include('Степени');
      const file = /files\/([a-z0-9]{20})/.exec(page.body)?.[1] ?? '';
      expect((await ann.get(`files/${file}`)).body).to.equal('Задачи');
    });

    it('keep attendance, which a student sees of themselves alone', async () => {
      await plan(teacher, { title: 'С отметками', start: '19:00', end: '19:45' });
      const { id } = await named(teacher, 'С отметками');
      const student = await personIdOf(testApp, '103');
      await teacher.submit(`timetable/${id}/attendance`, { [`a-${student}`]: 'late' });
      expect((await ann.get(`timetable/${id}`)).body)
        .to.include('опоздал')
        .and.not.include('Сохранить посещение');
      const wrong = { [`a-${await personIdOf(testApp, '12')}`]: 'late' };
      expect((await teacher.json('POST', `timetable/${id}/attendance`, wrong)).status).to.equal(400);
      expect((await colleague.json('POST', `timetable/${id}/attendance`, {})).status).to.equal(403);
    });

    it('are shown before a consultation at the same time is booked, and stand in the calendar', async () => {
      await plan(colleague, { title: 'Пересечение', start: '20:00', end: '20:45', place: '' });
      const series = await offer(testApp, teacher, 2, {
        title: 'В то же время',
        start: '20:00',
        end: '20:30',
      });
      const [slot] = await slotsOf(ann, series);
      const page = await ann.get(`consultations/slots/${slot!.slotId}`);
      expect(page.body).to.include('В это время у вас занятие').and.include('Пересечение');
      expect((await colleague.get('calendar')).body).to.include('Пересечение');
    });

    it('of a group are for its members alone: in the week, before a booking and in the attendance', async () => {
      const { _id } = (await testApp.storage.connection
        .model('Course')
        .findOne({ key: teacher.key })
        .lean<{ _id: unknown }>())!;
      const groups = await testApp.app.features.membership.groupsOf(String(_id));
      const group = groups.find(({ name }) => name === 'Группа 9-А')!;
      const fields = { title: 'Для группы', start: '21:00', end: '21:45', place: '', group: group.id };
      expect((await plan(colleague, fields)).url).to.include('timetable.planned');
      const { id } = await named(colleague, 'Для группы');
      const series = await offer(testApp, teacher, 2, { title: 'Вечером', start: '21:00', end: '21:30' });
      const page = await colleague.get(`timetable/${id}`);
      for (const [person, of] of [
        ['103', true],
        ['116', false],
      ] as const) {
        const student = await testApp.launch({ person, course: '2' });
        const [slot] = await slotsOf(student, series);
        const clash = (await student.get(`consultations/slots/${slot!.slotId}`)).body;
        expect(clash.includes('Для группы'), person).to.equal(of);
        expect(
          (await week(student)).some(({ title }) => title === 'Для группы'),
          person,
        ).to.equal(of);
        expect((await student.get(`timetable/${id}`)).status, person).to.equal(of ? 200 : 404);
        expect(page.body.includes(`a-${await personIdOf(testApp, person)}"`), person).to.equal(of);
      }
    });

    it('stand on the open page of their teacher and of the association, without students', async () => {
      await plan(teacher, { title: 'Стереометрия', start: '17:00', end: '17:45', place: '' });
      const { directory } = testApp.app.features;
      const club = await directory.upsertAssociation({ title: 'Геометры', description: '', head: '' });
      const card = await makeStaff(testApp, {
        surname: 'Открытая',
        visibility: 'public',
        personIds: [await personIdOf(testApp, '11')],
        associationIds: [club.id],
      });
      await directory.upsertAssociation({ title: 'Геометры', description: '', head: card.slug });
      const open = testApp.anonymous();
      expect((await open.get(`/associations/${club.slug}`)).body).to.match(
        new RegExp(`Руководитель</dt>\\s*<dd>\\s*<a href="/teachers/${card.slug}"`),
      );
      for (const path of [`/teachers/${card.slug}`, `/associations/${club.slug}`])
        expect((await open.get(path)).body, path)
          .to.include('Ближайшие занятия')
          .and.include('Стереометрия')
          .and.not.include('Андреева');
      const { id } = await named(teacher, 'Стереометрия');
      await teacher.submit(`timetable/${id}/cancel`, { reason: 'Болею' });
      expect((await open.get(`/teachers/${card.slug}`)).body).to.not.include('Стереометрия');
    });

    it('are planned by those who teach', async () => {
      expect((await plan(ann, {})).status).to.equal(403);
      expect((await ann.get('timetable/import')).status).to.equal(403);
    });
  });

  describe('import', () => {
    const csv = (): Buffer => {
      const soon = day(testApp, 3).split('-').reverse().join('.');
      const text = [
        'Расписание занятий;;;;',
        ';;;;',
        'Дата;Время;Предмет;Преподаватель;Кабинет',
        `${soon};9:00–9:45;Химия;Соколова Е. В.;31`,
        ';10:00-10:45;Биология;Неизвестный Н. Н.;32',
        'когда-нибудь;10:00-10:45;Труд;;',
        `${soon};рано;Музыка;;`,
      ].join('\r\n');
      // windows-1251, as Excel saves it.
      return Buffer.from(
        Array.from(text, (letter) => {
          const code = letter.codePointAt(0)!;
          if (code >= 0x410 && code <= 0x44f) return code - 0x350;
          return letter === '–' ? 0x96 : code;
        }),
      );
    };
    const upload = async (content: Buffer, name: string): Promise<Reply> =>
      teacher.upload('timetable/import', [{ field: 'file', name, content }]);
    const idIn = (reply: Reply): string => /import\/([0-9a-f]{24})/.exec(reply.url)?.[1] ?? '';

    it('reads windows-1251 with semicolons, titles above and merged days, and shows a preview', async () => {
      const read = await upload(csv(), 'расписание.csv');
      expect(read.body).to.include('windows-1251').and.include('Химия').and.include('Биология');
      const data = await preview(idIn(read));
      expect(data.map).to.include({ day: 0, time: 1, title: 2, teacher: 3, place: 4 });
      expect(data.count).to.equal(2);
      expect(data.classes[0]).to.include({ title: 'Химия', known: true });
      expect(data.faults).to.deep.equal([
        { row: 6, what: 'day' },
        { row: 7, what: 'time' },
      ]);
    });

    it('makes the classes by a job, once, and takes them back', async () => {
      const id = idIn(await upload(csv(), 'a.csv'));
      const map = { day: '0', time: '1', title: '2', teacher: '3', place: '4' };
      const begun = await teacher.submit(`timetable/import/${id}`, map);
      expect(begun.status, begun.body).to.equal(200);
      expect(codeOf(await teacher.json('POST', `timetable/import/${id}`, map))).to.equal('import-begun');
      await testApp.app.jobs.drain();
      expect(await preview(id)).to.deep.include({ state: 'done', figures: { total: 2, done: 2, taken: 0 } });
      const chemistry = await named(ann, 'Химия', day(testApp, 3));
      expect(chemistry).to.include({ place: '31' });
      expect(chemistry.teacher).to.match(/^Соколова/);
      await teacher.submit(`timetable/import/${id}/undo`);
      expect(await named(ann, 'Химия', day(testApp, 3))).to.equal(undefined);
    });

    it('reads XLSX with weekdays, times in two columns and heads in two lines', async () => {
      const text = (value: string) => ({ value, type: String });
      const book = writeXlsxFile(
        [
          // Merged as Excel merges: down, across, down.
          [
            { ...text('День'), rowSpan: 2 },
            { ...text('Время'), columnSpan: 2 },
            null,
            { ...text('Занятие'), rowSpan: 2 },
          ],
          [null, text('начало'), text('конец'), null],
          ['Понедельник', '8:30', '9:15', 'Физкультура'].map(text),
          ['', '9:25', '10:10', 'Рисование'].map(text),
        ],
        {},
      );
      const id = idIn(await upload(await book.toBuffer(), 'неделя.xlsx'));
      expect((await preview(id)).faults[0]).to.deep.equal({ row: 3, what: 'period' });
      const [from, to] = [day(testApp, 1), day(testApp, 14)];
      const query = new URLSearchParams({ day: '0', start: '1', end: '2', title: '3', from, to }).toString();
      expect((await preview(`${id}?${query}`)).count).to.equal(4);

      const closed = [1, 2, 3, 4, 5, 6, 7]
        .map((ahead) => day(testApp, ahead))
        .find((on) => weekdayOf(on) === 1);
      const closedDays = testApp.storage.connection.model('ClosedDay');
      await closedDays.create({ _id: closed, title: 'Праздник' });
      expect((await preview(`${id}?${query}`)).count, 'without a day on which the centre is closed').to.equal(
        2,
      );
      await closedDays.deleteOne({ _id: closed });

      // A mark of what is done in the address is no mapping.
      expect((await preview(`${id}?done=timetable.planned`)).map).to.deep.equal({
        day: 0,
        start: 1,
        end: 2,
        title: 3,
      });
      const wrong = { day: '0', start: '1', end: '2', title: '3', from: to, to: from };
      const early = await preview(`${id}?${new URLSearchParams(wrong).toString()}`);
      expect(early.errors).to.have.key('to');
      const refused = await teacher.submit(`timetable/import/${id}`, { ...wrong, start: '2', end: '1' });
      expect(refused.status).to.equal(400);
      expect(refused.body)
        .to.include(`value="${to}"`)
        .and.match(/<select id="f-start"(?:(?!<\/select>)[^])*value="2"\s+selected/u);
      const shown = await teacher.submit(`timetable/import/${id}`, { ...wrong, from, to, show: '1' });
      expect(shown.url).to.include(`from=${from}`).and.not.include('csrf');
      expect((await preview(id)).state).to.equal('read');
      const untitled = await teacher.submit(`timetable/import/${id}`, { ...wrong, from, to, title: '' });
      expect(untitled.body).to.match(/name="title"(?:(?!<\/div>)[^])*class="error"/u);
      const tuesday = [1, 2, 3, 4, 5, 6, 7]
        .map((ahead) => day(testApp, ahead))
        .find((on) => weekdayOf(on) === 2)!;
      const short = { ...wrong, from: tuesday, to: tuesday };
      const [fault] = (await preview(`${id}?${new URLSearchParams(short).toString()}`)).faults;
      expect(fault).to.deep.equal({ row: 3, what: 'noDay' });

      await teacher.submit(`timetable/import/${id}`, { ...wrong, from, to });
      await testApp.app.jobs.drain();
      expect(await preview(id), 'leads to the week of the first class').to.include({
        state: 'done',
        week: closed,
      });
      await teacher.submit(`timetable/import/${id}/undo`);
    });

    it('knows the groups of the course by their names', async () => {
      const soon = day(testApp, 6).split('-').reverse().join('.');
      const rows = ['9-А', '9-Я'].map((name) => `${soon};9:00–9:45;Раз;Группа ${name}`);
      const text = ['Дата;Время;Предмет;Группа', ...rows].join('\n');
      const found = await preview(idIn(await upload(Buffer.from(text), 'группы.csv')));
      expect(found.classes.map((item) => item.group)).to.deep.equal(['Группа 9-А']);
      expect(found.faults).to.deep.equal([{ row: 3, what: 'group' }]);
    });

    it('says which rows stand on taken time', async () => {
      const soon = day(testApp, 5).split('-').reverse().join('.');
      const text = [
        'Дата;Время;Предмет;Место',
        `${soon};9:00–9:45;Раз;Каб. 90`,
        `${soon};9:30–9:50;Два;Каб. 90`,
      ];
      const id = idIn(await upload(Buffer.from(text.join('\n')), 'занято.csv'));
      await teacher.submit(`timetable/import/${id}`, { day: '0', time: '1', title: '2', place: '3' });
      await testApp.app.jobs.drain();
      const page = await teacher.get(`timetable/import/${id}`);
      expect(page.body).to.include('Добавлено: 1 из 2').and.include('Строки файла: 3');
    });

    it('refuses what is no table', async () => {
      const picture = await upload(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), 'a.csv');
      expect(picture.status).to.equal(400);
      expect(picture.body).to.include('Это не таблица');
    });

    /** 210 classes: three a day for seventy days. */
    const longCsv = (): Buffer => {
      const rows = Array.from({ length: 210 }, (_, index) => {
        const on = day(testApp, 30 + Math.floor(index / 3));
        return `${on};${String(9 + (index % 3))}:00–${String(9 + (index % 3))}:45;Длинное ${String(index)};;`;
      });
      return Buffer.from(['Дата;Время;Предмет;Преподаватель;Кабинет', ...rows].join('\n'));
    };
    const LONG_MAP = { day: '0', time: '1', title: '2', teacher: '3', place: '4' };
    const made = (): Promise<number> =>
      testApp.storage.connection.model('TimetableClass').countDocuments({ title: /^Длинное/ });

    it('of over 200 rows is read and made by jobs, whose page says how far they are', async () => {
      const { workers, jobs } = testApp.app;
      await Promise.all(workers.map((worker) => worker.stop()));
      const id = idIn(await upload(longCsv(), 'год.csv'));
      expect(await preview(id)).to.include({ state: 'reading' });
      expect((await teacher.get(`timetable/import/${id}`)).body)
        .to.include('Файл читается')
        .and.include('data-live-waits');
      await jobs.drain();
      expect((await preview(id)).count).to.equal(210);

      await teacher.submit(`timetable/import/${id}`, LONG_MAP);
      expect(codeOf(await teacher.json('POST', `timetable/import/${id}/undo`))).to.equal('import-not-done');
      await jobs.drain();
      expect(await preview(id)).to.deep.include({
        state: 'done',
        figures: { total: 210, done: 210, taken: 0 },
      });
      expect(await made()).to.equal(210);

      // A process was killed in the middle: the job is put in again, and makes no class twice.
      const { connection } = testApp.storage;
      await connection.model('TimetableImport').updateOne({ _id: id }, { state: 'running', done: 50 });
      const some = { $gte: `${id}:200:`, $lt: `${id}:206:` };
      await connection.model('TimetableClass').deleteMany({ source: some });
      await connection.collection('jobs').deleteMany({ name: 'import-timetable' });
      expect(await preview(id)).to.include({ state: 'running' });
      await jobs.drain();
      expect(await preview(id)).to.deep.include({ figures: { total: 210, done: 210, taken: 0 } });
      expect(await made()).to.equal(210);
      workers.forEach((worker) => worker.start());
    });

    it('says in words why a job could not read a long file', async () => {
      const id = idIn(await upload(Buffer.from('a;b\n'.repeat(3_100)), 'a.csv'));
      await testApp.app.jobs.drain();
      expect((await teacher.get(`timetable/import/${id}`)).body).to.include('по частям');
    });

    it('understands dates, weekdays and times as people write them', () => {
      expect(['1.12.2026', '01/12/26', '2026-12-01', '31.02.2026', 'x'].map(dateOf)).to.deep.equal([
        ...['2026-12-01', '2026-12-01', '2026-12-01', null, null],
      ]);
      expect(['Пн', 'среда', 'Воскресенье', '?'].map(weekdayIn)).to.deep.equal([1, 3, 7, null]);
      expect(clockTimesIn('9.00-10:35')).to.deep.equal(['09:00', '10:35']);
      expect(headingRowOf([['Расписание'], ['Дата', 'Время', 'Предмет']])).to.equal(1);
      expect(proposedMap(['ФИО преподавателя', 'Дисциплина'])).to.deep.equal({ teacher: 0, title: 1 });
    });
  });

  describe('the week that opens first', () => {
    it('is the next one at a weekend, once nothing is left of this one', async () => {
      const zone = 'Europe/Moscow';
      const today = dateIn(zone, testApp.clock.now());
      const saturday = addDays(mondayOf(today), 12);
      testApp.clock.advance(instantAt(`${saturday}T09:00`, zone)!.getTime() - testApp.clock.now().getTime());
      const alone = await testApp.launch({ person: '15', course: '3' });
      const mondayShown = async (query = ''): Promise<string> =>
        ((await alone.json('GET', `timetable${query}`)).data as { monday: string }).monday;
      expect(await mondayShown()).to.equal(addDays(saturday, 2));
      expect(await mondayShown(`?week=${saturday}`), 'a week that is asked for').to.equal(mondayOf(saturday));
      const added = await plan(alone, { from: saturday, start: '10:00', end: '10:45' });
      expect(added.url, added.body).to.include('timetable.planned');
      expect(await mondayShown(), 'a class is left').to.equal(mondayOf(saturday));
      testApp.clock.advance(2 * HOUR);
      expect(await mondayShown(), 'it is over').to.equal(addDays(saturday, 2));
    });
  });
});
