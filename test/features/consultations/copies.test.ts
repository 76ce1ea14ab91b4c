import { expect } from 'chai';
import { launchLink } from '../../support/lms.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';
import {
  ask,
  book,
  comeAs,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  tally,
  typed,
  wish,
} from './fixtures.js';

const CUSTOM = 'https://purl.imsglobal.org/spec/lti/claim/custom';

/** A series whose link an LMS has copied along with its course. */
describe('consultations: course copy', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let series: string;

  beforeEach(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    series = await offer(testApp, teacher, 2, {
      title: 'Разбор задач',
      description: 'Приносите тетради',
      link: 'https://meet.example.org/5',
      capacity: 4,
      question: 'required',
      closesHours: 3,
      length: 20,
    });
  });
  afterEach(() => testApp.close());

  const place = (course: string, id = series): string =>
    testApp.lms.control.addActivity(course, testApp.lms.control.tools()[0]!.id, {
      title: 'Разбор задач',
      custom: `nastavnik_kind=consultations\nnastavnik_id=${id}`,
    }).id;
  const copied = (of = '2') => testApp.lms.control.copyCourse(of, { withStudents: true, title: 'Новый год' });
  const linkIn = (course: string): string =>
    testApp.lms.control.activities(course).find(({ home }) => !home)!.id;

  /** Opens a link. @param history false: the platform vouches for nothing */
  async function open(person: string, course: string, link = linkIn(course), history = true) {
    const { browser, response } = await launchLink(testApp.lms, {
      person,
      course,
      link,
      ...(!history && {
        forge: ({ claims }) => {
          const { context_history: _, ...rest } = claims[CUSTOM] as Record<string, unknown>;
          return { ...claims, [CUSTOM]: rest };
        },
      }),
    });
    const [, key = '', path = ''] = /\/c\/(\w+)\/(.*)$/.exec(response.url) ?? [];
    const [, id = ''] = /^consultations\/([0-9a-f]{24})$/.exec(path) ?? [];
    return { visitor: new Visitor(testApp.origin, browser, key, response), path, id, response };
  }

  const rows = (model: string) => testApp.storage.connection.model(model);
  const inCourse = async (visitor: Visitor, id: string) =>
    ((await visitor.json('GET', `consultations/${id}`)).data as { series: Record<string, unknown> }).series;

  /** A wish that fills a draft with two slots of one day. */
  const filling = (id: string, ahead: number, changes = {}) =>
    wish(testApp, ahead, { fills: id, draft: `form-of-${ahead}-days`, ...changes });

  it('clones the terms at the first launch, and neither slots nor bookings nor times', async () => {
    place('2');
    const ann = await testApp.launch({ person: '101', course: '2' });
    expectDone(await book(ann, await firstSlot(ann, series), { question: 'О дробях' }));
    const slots = await rows('ConsultationSlot').countDocuments();
    const course = copied();
    const { visitor, id, response } = await open('11', course.id);
    expect(id)
      .to.match(/^[0-9a-f]{24}$/)
      .and.not.equal(series);
    const before = await inCourse(teacher, series);
    const after = await inCourse(visitor, id);
    for (const term of [
      'title',
      'description',
      'place',
      'link',
      'capacity',
      'question',
      'closesHours',
      'length',
    ]) {
      expect(after[term], term).to.deep.equal(before[term]);
    }
    expect(after).to.include({ state: 'draft', from: '', to: '', manage: true });
    expect(await slotsOf(visitor, id)).to.deep.equal([]);
    expect(await rows('ConsultationSlot').countDocuments()).to.equal(slots);
    expect(await rows('ConsultationBooking').countDocuments()).to.equal(1);
    expect(response.text).to.contain('Скопировано из курса «').and.contain('Заполнить расписание');
    expect(response.text).not.to.contain('О дробях').and.not.to.contain(day(testApp, 2));
    expect(await slotsOf(teacher, series), 'the source is as it was').to.have.length(3);
    expect((await open('11', course.id)).id).to.equal(id);
    expect((await open('103', course.id)).id).to.equal(id);
    expect(await rows('ConsultationSeries').countDocuments()).to.equal(2);
  });

  it('also of a series that has ended, and when a student is the first', async () => {
    place('2');
    expectDone(await ask(teacher, 'POST', `consultations/${series}/end`));
    const course = copied();
    const student = await open('103', course.id);
    expect(student.response.status).to.equal(200);
    expect(student.response.text).to.contain('ещё не открыл время').and.not.to.contain('Заполнить');
    expect(await inCourse(student.visitor, student.id)).to.include({ state: 'draft', manage: false });
    expect((await student.visitor.get('consultations/')).body).not.to.contain('Разбор задач');
    expect((await student.visitor.submit(`consultations/${student.id}/end`)).status).to.equal(403);
  });

  it('is made once by two first launches at the same moment', async () => {
    place('2');
    const course = copied();
    const people = ['11', '12', '103', '104'];
    const opened = await Promise.all(people.map((person) => open(person, course.id)));
    expect(new Set(opened.map(({ id }) => id)).size).to.equal(1);
    expect(await rows('ConsultationSeries').countDocuments()).to.equal(2);
  });

  it('can be scheduled by any teacher of the course, and then booked by students', async () => {
    place('2');
    const course = copied();
    const { visitor, id } = await open('12', course.id);
    expect((await visitor.get('consultations/')).body).to.contain('Нет расписания');
    const form = await visitor.get(`consultations/new?fills=${id}`);
    expect(form.status).to.equal(200);
    expect(form.body).to.contain('<h1>Заполнить расписание</h1>').and.contain('Приносите тетради');
    expect(form.body)
      .to.contain(`name="fills" value="${id}"`)
      .and.contain(`value="${day(testApp, 1)}"`);
    const values = typed(filling(id, 5));
    const preview = await visitor.submit('consultations/preview', values);
    expect(preview.body).to.contain(`name="fills" value="${id}"`).and.contain('Создать 2 консультации');
    const done = await visitor.submit('consultations/new', values);
    expect(new URL(done.url).pathname).to.match(new RegExp(`consultations/${id}$`));
    const again = await visitor.submit('consultations/new', values);
    expect(new URL(again.url).pathname, 'the same form twice').to.match(new RegExp(`consultations/${id}$`));
    expect(await inCourse(visitor, id)).to.include({ state: 'active', teacher: 'Григорьев Андрей Павлович' });
    const pupil = await open('103', course.id);
    expectDone(await book(pupil.visitor, await firstSlot(pupil.visitor, id)));
    expect(await slotsOf(visitor, id)).to.have.length(2);
    expect(await rows('ConsultationSeries').countDocuments()).to.equal(2);
    const late = await visitor.get(`consultations/new?fills=${id}`);
    expect(new URL(late.url).pathname).to.match(new RegExp(`consultations/${id}$`));
  });

  it('is filled once, by one of several at the same moment', async () => {
    place('2');
    const course = copied();
    const { visitor, id } = await open('11', course.id);
    const other = (await open('12', course.id)).visitor;
    const replies = await Promise.all([
      ask(visitor, 'POST', 'consultations/new', filling(id, 5)),
      ask(other, 'POST', 'consultations/new', filling(id, 6)),
    ]);
    expect(tally(replies)).to.deep.equal({ done: 1, 'series-filled': 1 });
    expect(
      await slotsOf(await comeAs(testApp, 'methodist', { person: '3', course: course.id }), id),
    ).to.have.length(2);
  });

  it('refuses single slots and a second schedule', async () => {
    place('2');
    const course = copied();
    const { visitor, id } = await open('11', course.id);
    const more = { date: day(testApp, 4), start: '10:00', end: '11:00' };
    const single = await ask(visitor, 'POST', `consultations/${id}/slots`, more);
    expect([single.status, single.data.code]).to.deep.equal([409, 'series-unfilled']);
    const pupil = (await open('103', course.id)).visitor;
    expect((await ask(pupil, 'POST', 'consultations/new', filling(id, 5))).status).to.equal(403);
    // From the course it came from it cannot be reached.
    expect((await ask(teacher, 'POST', 'consultations/new', filling(id, 5))).status).to.equal(404);
    expect((await teacher.get(`consultations/new?fills=${id}`)).status).to.equal(404);
    expect((await ask(visitor, 'POST', 'consultations/new', filling('x', 5))).status).to.equal(400);
    expect(await inCourse(visitor, id)).to.include({ state: 'draft' });
  });

  it('can be put away, and another series of the course opened instead', async () => {
    place('2');
    const course = copied();
    const { visitor, id, response } = await open('11', course.id);
    const linkPath = /href="\/c\/\w+\/(links\/[0-9a-f]{24})"/.exec(response.text)?.[1] ?? '';
    const own = await offer(testApp, visitor, 3, { title: 'Своя' });
    const form = await visitor.get(linkPath);
    expect(form.body)
      .to.contain('Своя')
      .and.contain(`consultations/${id}"`)
      .and.not.to.contain('попытки общие');
    expect((await visitor.submit(`${linkPath}/content`, { content: own })).status).to.equal(200);
    expect((await open('103', course.id)).id).to.equal(own);
    expectDone(await ask(visitor, 'POST', `consultations/${id}/end`));
    expect((await visitor.get('consultations/')).body).not.to.contain('Нет расписания');
    expect((await visitor.submit(`${linkPath}/content`, { content: series })).status).to.equal(400);
  });

  it('a copy of a copy starts from the nearest version', async () => {
    place('2');
    const second = copied();
    const { visitor, id } = await open('11', second.id);
    expectDone(await ask(visitor, 'POST', 'consultations/new', filling(id, 5, { title: 'Поправленная' })));
    const third = copied(second.id);
    const opened = await open('11', third.id);
    expect(await inCourse(opened.visitor, opened.id)).to.include({ title: 'Поправленная', state: 'draft' });
  });

  describe('where the platform does not vouch', () => {
    it('gives no copy for a known id and shows nothing of it', async () => {
      const link = place('3');
      const { visitor, path, response } = await open('15', '3', link, false);
      expect(path).to.match(/^links\/[0-9a-f]{24}$/);
      expect(response.text).not.to.contain('Разбор задач');
      expect((await visitor.submit(`${path}/copy`)).status).to.equal(403);
      const student = await open('135', '3', link, false);
      expect([student.response.status, student.response.text.includes('copy-waits')]).to.deep.equal([
        409,
        true,
      ]);
      expect(await rows('ConsultationSeries').countDocuments()).to.equal(1);
    });

    it('a teacher of both courses confirms by one button, and is led on to the timetable', async () => {
      const link = place('3');
      testApp.lms.control.enrol('3', '11', 'editingteacher');
      const waiting = await open('11', '3', link, false);
      const done = await waiting.visitor.submit(`${waiting.path}/copy`);
      expect(done.body).to.contain('Копия готова').and.contain('черновик');
      expect((await waiting.visitor.submit(`${waiting.path}/copy`)).status).to.equal(409);
      const opened = await open('11', '3', link, false);
      expect(opened.id).not.to.equal('').and.not.equal(series);
      expect(opened.response.text).to.contain('Заполнить расписание');
    });

    it('a link kept before copies were made asks a teacher of both as well', async () => {
      const link = place('3');
      testApp.lms.control.enrol('3', '11', 'editingteacher');
      await open('11', '3', link, false);
      // As this link was kept then: what it opens was what it named.
      await rows('ResourceLink').updateOne(
        { resourceLinkId: link },
        { $set: { content: { kind: 'consultations', id: series } } },
      );
      const waiting = await open('11', '3', link, false);
      expect(waiting.response.text).to.contain('/copy"');
      expect((await waiting.visitor.submit(`${waiting.path}/copy`)).status).to.equal(200);
      expect((await open('135', '3', link, false)).id)
        .not.to.equal('')
        .and.not.equal(series);
    });
  });

  it('the directory is the centre’s, the same in every course', async () => {
    testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
      title: 'Преподаватели',
      custom: 'nastavnik_kind=directory\nnastavnik_id=centre',
    });
    const course = copied();
    const { path, response } = await open('103', course.id);
    expect([path, response.status]).to.deep.equal(['directory', 200]);
  });
});
