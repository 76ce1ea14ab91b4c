import { expect } from 'chai';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

interface Listed {
  readonly grades: readonly { id: string; person: string; title: string; reason: string; state: string }[];
  readonly next: string | null;
  readonly course: string | null;
}

describe("the administrator's page of grade sync", () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let courseId: string;
  let personId: string;

  before(async () => {
    testApp = await startAdminApp();
    await testApp.app.jobs.stop();
    await testApp.make();
    admin = await testApp.enter();
    const { membership } = testApp.app.features;
    const person = await membership.people.upsertFromLaunch({
      registrationId: testApp.registration.id,
      sub: '101',
      name: { surname: 'Королёва', givenName: 'Анна', patronymic: 'Львовна' },
      email: 'anna@example.org',
    });
    personId = person.id;
    const course = await membership.courses.upsert({
      registrationId: testApp.registration.id,
      deploymentId: '1',
      contextId: '2',
      title: 'Геометрия <7Б>',
    });
    courseId = course.id;
  });
  after(() => testApp.close());

  const model = () => testApp.storage.connection.model('Grade');
  const row = (n: number, more: object = {}) => ({
    registrationId: testApp.registration.id,
    courseId,
    personId: n.toString(16).padStart(24, '0'),
    sub: String(n),
    content: { kind: 'test', id: 't' },
    title: `Тест ${n}`,
    scoreGiven: 1,
    scoreMaximum: 2,
    submittedAt: new Date('2026-10-01'),
    asOf: new Date('2026-10-01'),
    lineItem: `${testApp.lms.origin}/nowhere/${n}`,
    state: 'failed',
    version: 1,
    tries: 3,
    queuedAt: new Date(Date.parse('2026-10-02T08:00:00Z') + n),
    dueAt: new Date('2026-10-02T09:00:00Z'),
    ...more,
  });
  beforeEach(() => model().deleteMany({ state: { $in: ['pending', 'sent', 'failed'] } }));

  it('narrows by state, platform, course and name', async () => {
    await model().create(
      row(1),
      row(2, { state: 'sent' }),
      row(3, { registrationId: '0'.repeat(24) }),
      row(4, { courseId: '1'.repeat(24) }),
      row(5, { personId }),
    );
    const titles = async (query: string) =>
      (await admin.data<Listed>(`/admin/grades?${query}`)).grades.map(({ title }) => title);
    expect(await titles('')).to.deep.equal(['Тест 5', 'Тест 4', 'Тест 3', 'Тест 2', 'Тест 1']);
    expect(await titles('state=sent')).to.deep.equal(['Тест 2']);
    expect(await titles(`platform=${testApp.registration.id}&state=failed`)).to.deep.equal([
      'Тест 5',
      'Тест 4',
      'Тест 1',
    ]);
    expect(await titles(`course=${'1'.repeat(24)}`)).to.deep.equal(['Тест 4']);
    expect(await titles(`q=${encodeURIComponent('королева')}`)).to.deep.equal(['Тест 5']);
    expect(await titles(`q=${encodeURIComponent('никто')}`)).to.deep.equal([]);
    // A form leaves choices empty.
    expect(await titles('q=&state=&platform=')).to.have.length(5);
    for (const wrong of [
      'state=x',
      'platform=x',
      'course[$ne]=1&course=2',
      'after=1',
      'after=x-y',
      'q=a&q=b',
    ]) {
      expect((await admin.get(`/admin/grades?${wrong}`)).status, wrong).to.equal(400);
    }
  });

  it('shows no name, and no contact, not even in what the LMS says', async () => {
    const reason = '403 Королёва Анна <anna@example.org> не записана на курс';
    await model().create(
      row(1, { personId, reason, history: [{ at: new Date(), what: 'refused', problem: '', reason }] }),
    );
    const [grade] = (await admin.data<Listed>('/admin/grades')).grades;
    expect(grade).to.include({ person: 'К••• А•••' });
    expect(grade?.reason).to.contain('не записана на курс');
    for (const path of ['/admin/grades', `/admin/grades/${grade!.id}`]) {
      for (const accept of ['text/html', 'application/json']) {
        const { text, status } = await admin.get(path, { accept });
        expect(status).to.equal(200);
        expect(text, path).not.to.match(/Королёва|Анна|Львовна|anna@/);
        expect(text, path).to.contain('не записана на курс');
        if (accept === 'text/html') expect(text).to.contain('Геометрия &lt;7Б&gt;');
      }
    }
  });

  it('pages by where the one before ended, also among rows of one moment', async () => {
    const at = new Date('2026-10-02T08:00:00Z');
    await model().insertMany(Array.from({ length: 120 }, (_, n) => row(n, { queuedAt: at })));
    const seen: string[] = [];
    let next: string | null = '';
    let pages = 0;
    while (next !== null) {
      const page: Listed = await admin.data(
        `/admin/grades?state=failed${next === '' ? '' : `&after=${next}`}`,
      );
      seen.push(...page.grades.map(({ id }) => id));
      next = page.next;
      pages += 1;
    }
    expect(pages).to.equal(3);
    expect(new Set(seen).size).to.equal(120);
  });

  it('sends one once more, and says so in its history and in the audit log', async () => {
    await model().create([row(1, { reason: '403 Журнал закрыт' })]);
    const id = (await admin.data<Listed>('/admin/grades')).grades[0]!.id;
    expect((await admin.get(`/admin/grades/${id}`)).text).to.contain('403 Журнал закрыт');
    const sent = await admin.post(`/admin/grades/${id}/again`, {}, { page: '/admin' });
    expect(sent.url).to.contain(`/admin/grades/${id}?done=admin.gradesAgain`);
    expect(sent.text).to.contain('отправлена снова');
    expect((await admin.data<Listed>('/admin/grades?state=pending')).grades).to.have.length(1);
    expect((await admin.get('/admin/audit')).text).to.contain('Оценки отправлены снова');
    const none = await admin.post(`/admin/grades/${'0'.repeat(24)}/again`, {}, { page: '/admin' });
    expect(none.status).to.equal(404);
    expect((await admin.get('/admin/grades/x')).status).to.equal(400);
  });

  it('sends all that match in steps that can be continued later', async () => {
    await model().insertMany(Array.from({ length: 1_030 }, (_, n) => row(n)));
    await model().insertMany(Array.from({ length: 20 }, (_, n) => row(2_000 + n, { state: 'sent' })));
    const asked = await admin.get('/admin/grades/again?state=failed');
    expect(asked.text).to.contain('1030');
    const step = (fields: Record<string, string>) =>
      admin.post('/admin/grades/again', { state: 'failed', ...fields }, { page: '/admin' });
    const first = await step({});
    expect(first.text).to.contain('500').and.to.contain('1030');
    const before = /name="before" value="(\d+)"/.exec(first.text)?.[1] ?? '';
    // As if this process had been killed here: nothing but the form knows how far it came.
    const second = await step({ before, done: '500' });
    expect(/name="done" value="(\d+)"/.exec(second.text)?.[1]).to.equal('1000');
    const third = await step({ before, done: '1000' });
    expect(third.url).to.contain('done=admin.gradesAgain');
    expect(await model().countDocuments({ state: 'pending', tries: 0 })).to.equal(1_030);
    const rows = await model().find({ state: 'pending' }).lean<{ history: unknown[] }[]>();
    expect(
      rows.every(({ history }) => history.length === 1),
      'each of them once',
    ).to.equal(true);
    expect(await model().countDocuments({ state: 'sent' })).to.equal(20);
    for (const fields of [{ before: 'x' }, { done: '-1' }, { state: 'x' }] as Record<string, string>[]) {
      expect((await step(fields)).status, JSON.stringify(fields)).to.equal(400);
    }
  });
});
