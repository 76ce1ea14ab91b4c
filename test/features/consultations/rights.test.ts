import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  book,
  bookingOf,
  bookingsOf,
  cancel,
  comeAs,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  wish,
  ask,
} from './fixtures.js';

const ODD_NAME = 'Ким Ли "Саша" & <b>Ю</b> 🎈';
const ODD_NAME_IN_HTML = 'Ким Ли &#34;Саша&#34; &amp; &lt;b&gt;Ю&lt;/b&gt; 🎈';

describe('consultations: who may do and see what', () => {
  let testApp: TestApp;
  let owner: Visitor;
  let ann: Visitor;
  const visitors: Record<string, Visitor> = {};
  let series: string;
  let slot: string;
  let booking: string;

  before(async () => {
    testApp = await startTestApp();
    owner = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    visitors.colleague = await testApp.launch({ person: '12', course: '2' });
    visitors.assistant = await comeAs(testApp, 'assistant', { person: '4', course: '2' });
    visitors.methodist = await comeAs(testApp, 'methodist', { person: '3', course: '2' });
    visitors.administrator = await testApp.launch({ person: '2', course: '2' });
    visitors.student = await testApp.launch({ person: '104', course: '2' });
    visitors.foreignTeacher = await testApp.launch({ person: '15', course: '3' });
    visitors.foreignMethodist = await comeAs(testApp, 'methodist', { person: '3', course: '3' });
    visitors.foreignStudent = await testApp.launch({ person: '135', course: '3' });
    series = await offer(testApp, owner, 1, {
      link: 'https://meet.example.org/secret',
      question: 'optional',
    });
    slot = await firstSlot(owner, series);
    expectDone(await book(ann, slot, { question: 'О тайном' }));
    booking = (await bookingOf(ann, slot)).id;
  });
  after(() => testApp.close());

  const changes = (): [path: string, body: unknown][] => [
    [`consultations/${series}/edit`, wish(testApp, 1)],
    [`consultations/${series}/slots`, { date: day(testApp, 40), start: '10:00', end: '11:00' }],
    [`consultations/${series}/end`, {}],
    [`consultations/slots/${slot}/cancel`, { reason: 'x' }],
    [`consultations/slots/${slot}/remove`, {}],
    [`consultations/bookings/${booking}/cancel`, { reason: 'x' }],
  ];
  const pages = (): string[] => [`consultations/${series}`, `consultations/slots/${slot}`];

  it('lets neither colleagues nor assistants nor students change a teacher’s series', async () => {
    for (const name of ['colleague', 'assistant', 'student']) {
      for (const [path, body] of changes()) {
        const { status } = await ask(visitors[name]!, 'POST', path, body);
        // To another student, a booking that is not theirs does not exist.
        const expected = name === 'student' && path.includes('/bookings/') ? 404 : 403;
        expect(status, `${name} ${path}`).to.equal(expected);
      }
      const edit = await ask(visitors[name]!, 'GET', `consultations/${series}/edit`);
      expect(edit.status, name).to.equal(403);
    }
    expect(await bookingOf(ann, slot)).to.include({ state: 'booked', title: 'Разбор задач' });
  });

  it('lets assistants and students make no series', async () => {
    for (const name of ['assistant', 'student']) {
      for (const path of ['consultations/new', 'consultations/preview']) {
        expect((await ask(visitors[name]!, 'POST', path, wish(testApp, 2))).status, name).to.equal(403);
      }
      expect((await ask(visitors[name]!, 'GET', 'consultations/new')).status, name).to.equal(403);
      expect((await visitors[name]!.get('consultations')).body).to.not.include('consultations/new');
    }
  });

  it('lets only students book for themselves', async () => {
    for (const name of ['colleague', 'assistant']) {
      expect((await book(visitors[name]!, slot)).status, name).to.equal(403);
    }
    // Those who manage a series book for students, and say for whom.
    for (const visitor of [owner, visitors.methodist!, visitors.administrator!]) {
      expect((await book(visitor, slot)).data.fields).to.have.key('person');
    }
  });

  it('knows no series, slot or booking of another course', async () => {
    for (const name of ['foreignTeacher', 'foreignMethodist', 'foreignStudent']) {
      const visitor = visitors[name]!;
      for (const path of pages()) {
        expect((await ask(visitor, 'GET', path)).status, `${name} ${path}`).to.equal(404);
      }
      for (const [path, body] of changes()) {
        const expected = name === 'foreignStudent' && /edit|slots$|end$/.test(path) ? 403 : 404;
        expect((await ask(visitor, 'POST', path, body)).status, `${name} ${path}`).to.equal(expected);
      }
      expect((await book(visitor, slot)).status, name).to.equal(404);
      const list = await ask(visitor, 'GET', 'consultations');
      expect(JSON.stringify(list.data)).to.not.include(series).and.not.include(slot);
    }
  });

  it('answers for ids that are none, and for ids of nothing', async () => {
    expect((await ask(owner, 'GET', 'consultations/0123456789abcdef01234567')).status).to.equal(404);
    expect((await ask(owner, 'GET', 'consultations/slots/0123456789abcdef01234567')).status).to.equal(404);
    expect((await ask(owner, 'GET', 'consultations/nonsense')).status).to.equal(400);
    expect((await ask(owner, 'GET', 'consultations?teacher=nonsense&type=x&from=y')).status).to.equal(200);
  });

  it('answers nothing without a session', async () => {
    const path = `/c/${String(owner.key)}/consultations`;
    expect((await testApp.anonymous().get(path)).status).to.equal(401);
  });

  it('refuses a form without its token', async () => {
    const refused = await visitors.student!.submit(
      `consultations/slots/${slot}/bookings`,
      {},
      { csrf: 'none' },
    );
    expect(refused.status).to.equal(403);
  });

  it('shows bookings to the owner, assistants, methodists and administrators', async () => {
    for (const name of ['assistant', 'methodist', 'administrator']) {
      const calendar = await ask(visitors[name]!, 'GET', 'consultations');
      expect(JSON.stringify(calendar.data), name).to.include('Андреева').and.include('О тайном');
      const page = await visitors[name]!.get(`consultations/slots/${slot}`);
      expect(page.body, name).to.include('Андреева Вероника Олеговна');
      expect(page.body.includes(`bookings/${booking}/cancel`), name).to.equal(name !== 'assistant');
    }
  });

  it('hides bookings, questions and the link of the call from colleagues and other students', async () => {
    for (const name of ['colleague', 'student']) {
      for (const path of ['consultations', ...pages()]) {
        const { status, data } = await ask(visitors[name]!, 'GET', path);
        expect(status).to.equal(200);
        const said = JSON.stringify(data);
        expect(said, `${name} ${path}`).to.not.match(/Андреева|О тайном|meet\.example\.org/);
        const page = await visitors[name]!.get(path);
        expect(page.body, `${name} ${path}`).to.not.match(/Андреева|О тайном|meet\.example\.org/);
      }
    }
    // Those who have booked see it shortly before it begins.
    expect((await bookingOf(ann, slot)).link).to.equal('');
  });

  it('shows a teacher their own calendar alone', async () => {
    const theirs = await offer(testApp, visitors.colleague!, 1);
    const { data } = await ask(visitors.colleague!, 'GET', 'consultations');
    const titles = JSON.stringify(data);
    expect(titles).to.include(theirs).and.not.include(series);
    const { data: everybodys } = await ask(visitors.methodist!, 'GET', 'consultations');
    const sokolova = everybodys.teachers.find(({ name }) => name.startsWith('Соколова'))!.id;
    const asked = await ask(visitors.colleague!, 'GET', `consultations?teacher=${sokolova}`);
    expect(JSON.stringify(asked.data)).to.not.include(series);
    const hers = await ask(visitors.methodist!, 'GET', `consultations?teacher=${sokolova}`);
    expect(JSON.stringify(hers.data.days)).to.include(series).and.not.include(theirs);
    expect(JSON.stringify(everybodys)).to.include(theirs).and.include(series);
  });

  it('tells the others’ names only where the series shows them', async () => {
    const odd = await testApp.launch({ person: '130', course: '2' });
    const hidden = await offer(testApp, owner, 3);
    const shown = await offer(testApp, owner, 4, { names: 'shown' });
    for (const id of [hidden, shown]) {
      const of = await firstSlot(owner, id);
      expectDone(await book(odd, of));
      expectDone(await book(ann, of));
    }
    const told = async (id: string): Promise<string[] | undefined> => {
      const of = await firstSlot(owner, id);
      return (await bookingsOf(ann)).upcoming.find(({ slotId }) => slotId === of)?.others;
    };
    expect(await told(hidden)).to.equal(undefined);
    expect(await told(shown)).to.deep.equal([ODD_NAME]);
    const looking = visitors.student!;
    expect((await slotsOf(looking, hidden))[0]).to.not.have.property('others');
    expect((await slotsOf(looking, shown))[0]!.others).to.have.members([
      ODD_NAME,
      'Андреева Вероника Олеговна',
    ]);
    expect(JSON.stringify((await ask(looking, 'GET', `consultations/${hidden}`)).data)).to.not.match(
      /Ким|Андреева/,
    );
    expect((await looking.get(`consultations/${hidden}`)).body).to.not.match(/Ким|Андреева/);
  });

  it('shows names, questions and reasons as text, also if they hold markup', async () => {
    const odd = await testApp.launch({ person: '130', course: '2' });
    const id = await offer(testApp, owner, 5, {
      title: '<script>alert(1)</script> & "кавычки"',
      place: '<img src=x onerror=alert(1)>',
      description: 'a < b\n\n<b>жирно</b>',
      question: 'optional',
      names: 'shown',
    });
    const of = await firstSlot(owner, id);
    expectDone(await book(odd, of, { question: '</textarea><script>' }));
    expectDone(await cancel(owner, (await bookingOf(odd, of)).id, '<i>причина</i>'));
    expectDone(await book(odd, of, { question: '</textarea><script>' }));
    for (const visitor of [owner, odd, ann, visitors.methodist!]) {
      for (const path of ['consultations', `consultations/${id}`, `consultations/slots/${of}`]) {
        const { status, body } = await visitor.get(path);
        expect(status).to.equal(200);
        expect(body).to.not.match(/<script>|<img|<b>|<i>|<\/textarea><script>/);
      }
    }
    expect((await owner.get(`consultations/slots/${of}`)).body).to.include(ODD_NAME_IN_HTML);
    expect((await ann.get(`consultations/slots/${of}`)).body).to.include(ODD_NAME_IN_HTML);
  });

  it('shows a person without a name as one without a name', async () => {
    const nameless = await testApp.launch({ person: '129', course: '2' });
    const of = await firstSlot(owner, await offer(testApp, owner, 6));
    expectDone(await book(nameless, of));
    expect((await owner.get(`consultations/slots/${of}`)).body).to.include('Без имени');
  });

  it('lets methodists and administrators manage everybody’s', async () => {
    for (const [index, name] of ['methodist', 'administrator'].entries()) {
      const id = await offer(testApp, owner, 8 + index);
      const of = await firstSlot(owner, id);
      expectDone(await book(ann, of));
      const visitor = visitors[name]!;
      expectDone(
        await ask(visitor, 'POST', `consultations/${id}/edit`, wish(testApp, 8, { title: 'Иначе' })),
      );
      expectDone(await cancel(visitor, (await bookingOf(ann, of)).id, 'Праздник'));
      expectDone(await ask(visitor, 'POST', `consultations/slots/${of}/cancel`, { reason: 'Праздник' }));
      expectDone(await ask(visitor, 'POST', `consultations/${id}/end`));
    }
  });
});
