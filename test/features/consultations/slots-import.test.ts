import { expect } from 'chai';
import { differences, snapshotOf } from '../../support/snapshot.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, day, offer, slotsOf } from './fixtures.js';

describe('consultations: slots from a table', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  after(() => testApp.close());

  const dotted = (date: string): string => date.split('-').reverse().join('.');
  const send = (series: string, content: string | Buffer, name = 'время.csv') =>
    teacher.upload(`consultations/${series}/import`, [{ field: 'file', name, content }]);
  const spansIn = (body: string): string => /<textarea name="spans"[^>]*>([^<]*)</.exec(body)?.[1] ?? '';

  it('are listed with what is wrong with each row before any is made, and made once', async () => {
    const series = await offer(testApp, teacher, 2);
    const on = dotted(day(testApp, 5));
    const table = [
      'Дата;Начало;Конец',
      `${on};10:00;10:40`,
      `${on};11:00;`,
      `${on};11:15;11:45`,
      `${dotted(day(testApp, 2))};15:00;15:30`,
      `${dotted(day(testApp, -1))};10:00;11:00`,
      `${dotted(day(testApp, 400))};10:00;11:00`,
      '31.02.2027;10:00;11:00',
      `${on};12:03;12:30`,
      `${on};14:00;13:00`,
    ].join('\r\n');
    const { status, body } = await send(series, table);
    expect(status).to.equal(200);
    for (const said of [
      'нет такой даты',
      'уже прошло',
      'дальше чем через год',
      'занято',
      'пересекается со строкой',
    ])
      expect(body).to.include(said);
    const before = await slotsOf(teacher, series);
    const spans = spansIn(body);
    expect(spans.split('\n')).to.have.length(2);
    const made = await teacher.submit(`consultations/${series}/import/slots`, { spans });
    expect(made.body).to.include('Время добавлено');
    await teacher.submit(`consultations/${series}/import/slots`, { spans });
    expect(await slotsOf(teacher, series)).to.have.length(before.length + 2);
  });

  it('are read from windows-1251 and without headings', async () => {
    const series = await offer(testApp, teacher, 6);
    // Letters of windows-1251 stand in the order of Unicode.
    const windows = Buffer.from(
      Array.from(`День;Время\n${dotted(day(testApp, 7))};9.00-9.30\n`, (letter) => {
        const code = letter.codePointAt(0) ?? 0;
        return code >= 0x410 && code <= 0x44f ? code - 0x350 : code;
      }),
    );
    expect(spansIn((await send(series, windows)).body).split('\n')).to.have.length(1);
    const plain = `${day(testApp, 8)},09:00,09:30\n`;
    expect(spansIn((await send(series, plain)).body).split('\n')).to.have.length(1);
  });

  it('of more than 200 rows are made by a job, which another process can finish', async () => {
    const series = await offer(testApp, teacher, 9);
    const rows = Array.from({ length: 240 }, (_, index) => {
      const start = 6 * 60 + (index % 12) * 5;
      const clock = (minutes: number) =>
        `0${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
      return `${day(testApp, 20 + Math.floor(index / 12))},${clock(start)},${clock(start + 5)}`;
    });
    const spans = spansIn((await send(series, rows.join('\n'))).body);
    const begun = await teacher.submit(`consultations/${series}/import/slots`, { spans });
    expect(begun.body)
      .to.include('Время создаётся')
      .and.match(/Создано консультаций: \d+ из 240/);
    const model = testApp.storage.connection.model('ConsultationSlot');
    await testApp.app.jobs.drain();
    expect(await model.countDocuments({ kind: 'slot', seriesId: series, state: 'open' })).to.equal(242);
    expect((await teacher.get(`consultations/${series}`)).body).to.not.include('Создано консультаций');
  });

  it('refuse what is no table, a year of five-minute slots, and spans that were not read', async () => {
    const series = await offer(testApp, teacher, 12);
    expect((await send(series, Buffer.from([0, 1, 2, 255, 254, 0]))).status).to.equal(400);
    const many = Array.from({ length: 501 }, (_, index) => {
      const at = 8 * 60 + (index % 12) * 5;
      const clock = (minutes: number) =>
        `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
      return `${day(testApp, 60 + Math.floor(index / 12))},${clock(at)},${clock(at + 5)}`;
    });
    const long = await send(series, many.join('\n'));
    expect(long.status).to.equal(400);
    expect(long.body).to.include('f-file-error');
    const forged = await ask(teacher, 'POST', `consultations/${series}/import/slots`, { spans: 'x/y' });
    expect(forged.data.fields).to.have.key('spans');
    const other = await testApp.launch({ person: '12', course: '2' });
    expect((await ask(other, 'GET', `consultations/${series}/import`)).status).to.equal(403);
  });

  it('are read for those who manage the series alone, with the token of the form', async () => {
    const series = await offer(testApp, teacher, 15);
    const table = `${day(testApp, 16)};10:00;10:30\n`;
    const files = [{ field: 'file', name: 'время.csv', content: table }];
    const upload = async (by: Visitor, id: string, csrf?: string): Promise<number> =>
      (
        await by.upload(
          `/c/${teacher.key}/consultations/${id}/import`,
          files,
          csrf === undefined ? {} : { csrf },
        )
      ).status;
    const [colleague, student, foreignTeacher] = [
      await testApp.launch({ person: '12', course: '2' }),
      await testApp.launch({ person: '101', course: '2' }),
      await testApp.launch({ person: '15', course: '3' }),
    ];
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    const before = await snapshotOf(testApp);
    for (const visitor of [colleague, student]) expect(await upload(visitor, series)).to.equal(403);
    expect(await upload(foreignTeacher, series), 'in a foreign seat').to.equal(401);
    const foreign = await foreignTeacher.upload(`consultations/${series}/import`, files);
    expect(foreign.status).to.equal(404);
    expect(await upload(testApp.anonymous(), series, 'x')).to.be.within(400, 499);
    for (const csrf of ['', 'x', await student.csrf()])
      expect(await upload(teacher, series, csrf), csrf).to.equal(403);
    for (const id of ['0123456789abcdef01234567', 'nonsense'])
      expect(await upload(teacher, id), id).to.be.within(400, 499);
    expect(differences(before, await snapshotOf(testApp))).to.deep.equal([]);
    expect(await upload(teacher, series)).to.equal(200);
  });
});
