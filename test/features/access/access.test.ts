import { expect } from 'chai';
import { DAY, MINUTE } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';

const DEPUTY = 'martynov@example.org';

describe('ways in without a launch', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;
  let question: string;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    await makeStaff(testApp, { surname: 'Мартынов', email: DEPUTY, posts: ['deputyStudy'] });
    const asked = await ann.submit('questions/new', { to: 'course', text: 'Снаружи', key: newToken() });
    question = /questions\/([0-9a-f]{24})/.exec(asked.url)?.[1] ?? '';
  });
  after(() => testApp.close());

  /** The newest link that was sent to an address. */
  const linkTo = async (address: string): Promise<string> => {
    await testApp.app.jobs.drain();
    const { messages } = (await ann.json('GET', '/outbox')).data as {
      messages: { to: { address: string }; subject: string; text: string }[];
    };
    const message = messages.find(({ to, subject }) => to.address === address && subject.includes('Ссылка'));
    return /(https?:\S+token=\S+)/.exec(message?.text ?? '')?.[1] ?? '';
  };
  const tokenIn = (link: string): string => new URL(link).searchParams.get('token') ?? '';
  const pathOf = (link: string): string => new URL(link).pathname + new URL(link).search;
  const signInAs = async (visitor: Visitor): Promise<string> => {
    testApp.clock.advance(3 * MINUTE);
    await visitor.submit('/staff/link', { email: DEPUTY });
    return linkTo(DEPUTY);
  };

  describe('/staff', () => {
    it('opens the reports by a one-time link sent to the address on the card', async () => {
      const visitor = testApp.anonymous();
      expect((await visitor.get('/staff/reports')).body).to.include('Вход для ответственных лиц');
      const link = await signInAs(visitor);
      const page = await visitor.get(pathOf(link));
      expect(page.body).to.include('Войти');
      const entered = await visitor.submit('/staff/enter', { token: tokenIn(link) });
      expect(entered.url).to.match(/\/staff\/reports$/);
      expect(entered.body).to.include('Отчёты').and.include('акад. часов');
      expect((await visitor.get('/staff/reports/export?format=xlsx')).status).to.equal(200);
    });

    it('is not used up by a look, and works once', async () => {
      const link = await signInAs(testApp.anonymous());
      for (let looked = 0; looked < 3; looked += 1)
        expect((await testApp.anonymous().get(pathOf(link))).status).to.equal(200);
      const first = testApp.anonymous();
      expect((await first.submit('/staff/enter', { token: tokenIn(link) })).status).to.equal(200);
      expect((await testApp.anonymous().submit('/staff/enter', { token: tokenIn(link) })).status).to.equal(
        410,
      );
      expect((await testApp.anonymous().get(pathOf(link))).body).to.include('Ссылка больше не действует');
    });

    it('lives 15 minutes', async () => {
      const link = await signInAs(testApp.anonymous());
      testApp.clock.advance(15 * MINUTE);
      expect((await testApp.anonymous().submit('/staff/enter', { token: tokenIn(link) })).status).to.equal(
        410,
      );
    });

    it('that is over leads to the form that sends another, for the same page', async () => {
      const visitor = testApp.anonymous();
      testApp.clock.advance(3 * MINUTE);
      await visitor.submit('/staff/link', { email: DEPUTY, to: `/staff/questions/${question}` });
      const link = await linkTo(DEPUTY);
      testApp.clock.advance(2 * DAY);
      const over = await visitor.get(pathOf(link));
      expect(over.status).to.equal(410);
      expect(over.body)
        .to.include('Ссылка больше не действует')
        .and.include('action="/staff/link"')
        .and.include(`value="/staff/questions/${question}"`);
      ann = await testApp.launch({ person: '103', course: '2' });
    });

    it('answers alike for unknown addresses, and sends nothing', async () => {
      const answer = await testApp.anonymous().submit('/staff/link', { email: 'nobody@example.org' });
      expect(answer.body).to.include('письмо со ссылкой уже в пути');
      expect(await linkTo('nobody@example.org')).to.equal('');
    });

    it('stores the link’s token as a digest alone', async () => {
      const token = tokenIn(await signInAs(testApp.anonymous()));
      for (const [name, filter] of [
        ['sign_in_links', {}],
        ['jobs', { name: 'send-mail' }],
        ['staff_sessions', {}],
      ] as const) {
        const rows = await testApp.storage.connection.collection(name).find(filter).toArray();
        expect(JSON.stringify(rows), name).to.not.include(token);
      }
    });

    it('shows overdue questions, and opens the one that a message named after the sign-in', async () => {
      testApp.clock.advance(8 * DAY);
      const visitor = testApp.anonymous();
      const asked = await visitor.get(`/staff/questions/${question}`);
      expect(asked.body).to.include(`value="/staff/questions/${question}"`);
      testApp.clock.advance(3 * MINUTE);
      await visitor.submit('/staff/link', { email: DEPUTY, to: `/staff/questions/${question}` });
      const opened = await visitor.submit('/staff/enter', { token: tokenIn(await linkTo(DEPUTY)) });
      expect(opened.url).to.include(`/staff/questions/${question}`);
      expect(opened.body).to.include('Снаружи');
      expect((await visitor.get('/staff/questions')).body).to.include('Снаружи');
      const csrf = /name="csrf" value="([^"]+)"/.exec(opened.body)?.[1] ?? '';
      await visitor.submit(
        `/staff/questions/${question}/messages`,
        { text: 'Отвечает заместитель' },
        { csrf },
      );
      ann = await testApp.launch({ person: '103', course: '2' });
      const thread = await ann.get(`questions/${question}`);
      expect(thread.body).to.include('Отвечает заместитель').and.include('Мартынов Мария');
      expect((await visitor.get('/staff/questions')).body).to.not.include('Снаружи');
      teacher = await testApp.launch({ person: '11', course: '2' });
    });

    it('lists what a head answers for, however many questions of others wait longer', async () => {
      const HEAD = 'head@example.org';
      const head = await makeStaff(testApp, { surname: 'Орлова', email: HEAD });
      const led = { title: 'Шахматы', description: '', head: head.slug };
      const { id } = await testApp.app.features.directory.upsertAssociation(led);
      await ann.submit('questions/new', { to: `association:${id}`, text: 'Про рокировку', key: newToken() });
      testApp.clock.advance(8 * DAY);
      const questions = testApp.storage.connection.collection('questions');
      const { _id: _one, key: _key, ...other } = (await questions.findOne({ 'to.kind': 'course' }))!;
      const earlier = { ...other, state: 'new', dueAt: new Date(0), subject: 'Чужой' };
      await questions.insertMany(Array.from({ length: 201 }, () => ({ ...earlier })));
      const visitor = testApp.anonymous();
      await visitor.submit('/staff/link', { email: HEAD });
      await visitor.submit('/staff/enter', { token: tokenIn(await linkTo(HEAD)) });
      const listed = (await visitor.get('/staff/questions')).body;
      expect(listed).to.include('Про рокировку').and.not.include('Чужой');
      await questions.deleteMany({ state: 'new', dueAt: new Date(0) });
      ann = await testApp.launch({ person: '103', course: '2' });
      teacher = await testApp.launch({ person: '11', course: '2' });
    });

    it('keeps the text of an answer to a question that was closed meanwhile', async () => {
      const visitor = testApp.anonymous();
      await visitor.submit('/staff/enter', { token: tokenIn(await signInAs(visitor)) });
      const path = `/staff/questions/${question}`;
      const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get(path)).body)?.[1] ?? '';
      ann = await testApp.launch({ person: '103', course: '2' });
      await ann.submit(`questions/${question}/close`);
      const late = await visitor.submit(`${path}/messages`, { text: 'Длинный ответ' }, { csrf });
      expect(late.status).to.equal(409);
      expect(late.body)
        .to.include('Вопрос закрыт, пока вы писали')
        .and.include('Длинный ответ</textarea>')
        .and.not.include('необязательно');
      await ann.submit(`questions/${question}/reopen`);
    });

    it('ends with the post', async () => {
      const visitor = testApp.anonymous();
      await visitor.submit('/staff/enter', { token: tokenIn(await signInAs(visitor)) });
      const { organisation } = testApp.app.features.directory;
      const [holder] = await organisation.findByEmail(DEPUTY);
      const by = { personId: '', name: '' };
      await organisation.setHolder('deputyStudy', holder!.cardId, false, by);
      expect((await visitor.get('/staff/reports')).status).to.equal(403);
      await organisation.setHolder('deputyStudy', holder!.cardId, true, by);
    });
  });

  describe('a page of a course', () => {
    const address = (): string => `/c/${ann.key}/questions/${question}`;

    it('shows the ways in to a person without a session', async () => {
      const page = await testApp.anonymous().get(address());
      expect(page.status).to.equal(401);
      expect(page.body).to.include('Открыть СДО').and.include('Прислать ссылку для входа');
    });

    it('is opened by the launch that follows', async () => {
      const visitor = testApp.anonymous();
      await visitor.get(address());
      const launched = await testApp.launch({ person: '103', course: '2', browser: visitor.browser });
      expect(new URL(launched.landing?.url ?? '').pathname).to.equal(address());
    });

    it('is opened by a link sent to its member, for this page and its action alone', async () => {
      const person = await testApp.app.features.membership.people.findOptional(
        await personIdOf(testApp, '11'),
      );
      const visitor = testApp.anonymous();
      await visitor.submit('/enter/link', { to: address(), email: person!.email.toUpperCase() });
      const link = await linkTo(person!.email);
      expect((await visitor.get(pathOf(link))).body).to.include('откроет только её');
      const page = await visitor.submit('/enter', { token: tokenIn(link) });
      expect(page.url).to.include(address());
      expect(page.body).to.include('Снаружи');
      expect((await visitor.get(`/c/${ann.key}/questions`)).status).to.equal(403);
      expect((await visitor.get(`/c/${ann.key}/people`)).body).to.include('только одну страницу');
      const csrf = /name="csrf-token" content="([^"]+)"/.exec(page.body)?.[1] ?? '';
      const answered = await visitor.submit(`${address()}/messages`, { text: 'По ссылке' }, { csrf });
      expect(answered.body).to.include('По ссылке');
      // Other forms of the page are not what the link is for, and are not shown.
      expect(answered.body).to.not.include('/close"').and.not.include('/faq"');
      for (const other of ['close', 'take', 'reopen', 'consent', 'faq', 'messages/more', 'consultation'])
        expect((await visitor.submit(`${address()}/${other}`, {}, { csrf })).status, other).to.equal(403);
    });

    it('is shown with the ways in when the link to it is over', async () => {
      const person = await testApp.app.features.membership.people.findOptional(
        await personIdOf(testApp, '11'),
      );
      testApp.clock.advance(3 * MINUTE);
      await testApp.anonymous().submit('/enter/link', { to: address(), email: person!.email });
      const link = await linkTo(person!.email);
      const fields = { token: tokenIn(link), to: address() };
      await testApp.anonymous().submit('/enter', fields);
      for (const over of [
        await testApp.anonymous().submit('/enter', fields),
        await testApp.anonymous().get(pathOf(link)),
      ]) {
        expect(over.status).to.equal(410);
        expect(over.body)
          .to.include('Ссылка больше не действует')
          .and.include('Открыть СДО')
          .and.include('action="/enter/link"')
          .and.include(`value="${address()}"`);
      }
    });

    it('is not opened for another course’s members or unknown addresses', async () => {
      await testApp.anonymous().submit('/enter/link', { to: address(), email: 'nobody@example.org' });
      expect(await linkTo('nobody@example.org')).to.equal('');
      const wrong = await testApp
        .anonymous()
        .submit('/enter/link', { to: '//evil.example/', email: 'a@b.ru' });
      expect(wrong.status).to.equal(400);
    });

    it('leaves a session by a launch as it is', async () => {
      expect((await teacher.get('questions')).status).to.equal(200);
    });
  });
});
