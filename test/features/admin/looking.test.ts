import { expect } from 'chai';
import { createAuditStore } from '../../../src/infra/audit/audit.store.js';
import { openStorage } from '../../../src/storage/index.js';
import { ManualClock } from '../../../src/shared/clock.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

describe('what the administrator looks at', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  describe('people', () => {
    interface Found {
      people: { name: string; platform: string; places: { course: string; role: string }[] }[];
      total: number;
      pager: { page: number; pages: number };
    }
    const find = (q: string) => admin.data<Found>(`/admin/people?q=${encodeURIComponent(q)}`);
    const meet = (surname: string, givenName = 'Анна', patronymic = 'Львовна') =>
      testApp.app.features.membership.people.upsertFromLaunch({
        registrationId: testApp.registration.id,
        sub: `${surname}-${givenName}`,
        name: { surname, givenName, patronymic },
        email: 'anna@example.org',
      });

    it('are found by the beginnings of their names in any letter case, ё as е', async () => {
      await meet('Королёва-Счастливцева');
      await meet('Королькова', 'Пётр', '');
      for (const q of ['корол', 'КОРОЛЕВА', 'счастл анн', 'львовна королёва']) {
        expect(
          (await find(q)).people.map(({ name }) => name),
          q,
        ).to.include('Королёва-Счастливцева Анна Львовна');
      }
      expect((await find('корол петр')).people.map(({ name }) => name)).to.deep.equal(['Королькова Пётр']);
      expect((await find('ролёва')).people).to.deep.equal([]);
      expect((await admin.get('/admin/people?q=ролёва')).text).to.contain('Никого с таким именем нет');
    });

    it('are shown with roles and courses, without contacts', async () => {
      const person = testApp.lms.control.addPerson({ familyName: 'Штольц', givenName: '<b>Андрей</b>' });
      testApp.lms.control.enrol('2', person.id, 'student');
      await testApp.launch({ person: person.id, course: '2' });
      const { people } = await find('штольц');
      expect(people).to.have.length(1);
      expect(people[0]?.platform).to.equal('Демо');
      expect(people[0]?.places.map(({ role }) => role)).to.deep.equal(['student']);
      expect(people[0]?.places[0]?.course).not.to.equal('');
      const { text } = await admin.get('/admin/people?q=штольц');
      expect(text).to.contain('&lt;b&gt;Андрей').and.not.to.contain('<b>Андрей');
      expect(JSON.stringify(people)).not.to.contain('@');
      expect(text).not.to.contain('@');
    });

    it('who come under another name are found by the new one', async () => {
      await meet('Прежняя', 'Ольга');
      const { registration } = testApp;
      await testApp.app.features.membership.people.upsertFromLaunch({
        registrationId: registration.id,
        sub: 'Прежняя-Ольга',
        name: { surname: 'Теперешняя', givenName: 'Ольга', patronymic: '' },
        email: '',
      });
      expect((await find('прежняя')).total).to.equal(0);
      expect((await find('теперешняя')).total).to.equal(1);
    });

    it('come in pages; odd queries are a 4xx or nothing', async () => {
      for (let n = 0; n < 30; n += 1) await meet('Страницын', `Имя${n}`);
      const first = await find('страницын');
      expect(first.people).to.have.length(25);
      expect(first.pager).to.deep.equal({ page: 1, pages: 2 });
      const { text } = await admin.get('/admin/people?q=страницын&page=2');
      expect(text.match(/Страницын/g)).to.have.length(5);
      for (const query of ['page=0', 'page=x', 'page=100000', `q=${'я'.repeat(101)}`, 'q=a&q=b']) {
        expect((await admin.get(`/admin/people?${query}`)).status, query).to.equal(400);
      }
      expect((await admin.get('/admin/people?q=.*%24%7B')).status).to.equal(200);
    });
  });

  describe('overview', () => {
    interface Told {
      platforms: { all: number; active: number };
      grades: { waiting: number; failed: number; oldest: string | null };
      engine: string;
      version: string;
    }

    it('tells the engine, the version, and how many there are', async () => {
      const told = await admin.data<Told>('/admin');
      expect(told).to.deep.include({ engine: 'embedded', version: '0.1.0' });
      expect(told.platforms).to.deep.equal({ all: 1, active: 1 });
    });

    it('tells how long the oldest grade waits', async () => {
      const model = testApp.storage.connection.model('Grade');
      const row = (n: number, more: object) => ({
        registrationId: 'r',
        courseId: 'c',
        personId: `p${n}`,
        sub: 's',
        content: { kind: 'test', id: 't' },
        scoreGiven: 1,
        scoreMaximum: 2,
        submittedAt: new Date(),
        asOf: new Date(),
        lineItem: 'https://lms.example.org/li',
        version: 1,
        tries: 0,
        // Due in the far future: nobody sends them meanwhile.
        dueAt: new Date('2099-01-01'),
        state: 'pending',
        queuedAt: new Date('2026-10-02T08:00:00Z'),
        ...more,
      });
      await model.create(
        row(1, {}),
        row(2, { queuedAt: new Date('2026-10-01T08:00:00Z') }),
        row(3, { state: 'failed', queuedAt: new Date('2026-09-01T08:00:00Z') }),
        row(4, { state: 'sent', queuedAt: new Date('2026-08-01T08:00:00Z') }),
      );
      expect((await admin.data<Told>('/admin')).grades).to.deep.equal({
        waiting: 2,
        failed: 1,
        oldest: '2026-10-01T08:00:00.000Z',
      });
    });

    it('tells what waits in every other queue, and since when', async () => {
      await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
      const now = testApp.clock.now().getTime();
      const at = (minutes: number): Date => new Date(now + minutes * 60_000);
      const job = (name: string, state: 'waiting' | 'failed' | 'done', minutes: number) => ({
        ...{ name, state, key: `${state} ${minutes}`, lane: name, payload: {}, seq: 0, revision: 1 },
        ...{ attempts: 0, error: '', runAt: at(minutes), dueSince: at(minutes) },
      });
      await testApp.storage.connection
        .model('Job')
        .create(
          job('publish-score', 'waiting', -10),
          job('read-roster', 'waiting', -20),
          job('read-roster', 'waiting', 20),
          job('note-context-copy', 'waiting', -30),
          job('note-context-copy', 'failed', -40),
          job('note-context-copy', 'done', -50),
          job('carry-out-decision', 'waiting', -5),
        );
      const { queues } = await admin.data<{
        queues: { name: string; waiting: number; oldest: string | null; failed: number }[];
      }>('/admin');
      const told = Object.fromEntries(queues.map(({ name, ...queue }) => [name, queue]));
      expect(told).to.deep.include({
        scorePublishing: { waiting: 1, oldest: at(-10).toISOString(), failed: 0 },
        rosters: { waiting: 2, oldest: at(-20).toISOString(), failed: 0 },
        notices: { waiting: 1, oldest: at(-30).toISOString(), failed: 1 },
        people: { waiting: 1, oldest: at(-5).toISOString(), failed: 0 },
      });
      expect((await admin.get('/admin?lang=ru')).text).to.contain('Извещения СДО');
    });
  });

  describe('audit log', () => {
    it('is only appended to, and loses its oldest entries alone', async () => {
      const clock = new ManualClock('2026-11-23T10:00:00Z');
      const storage = await openStorage({ url: 'file::memory:', clock });
      try {
        expect(Object.keys(createAuditStore(storage.connection)).sort()).to.deep.equal([
          'append',
          'count',
          'read',
          'removeBefore',
        ]);
      } finally {
        await storage.close();
      }
    });

    it('is read newest first, in pages', async () => {
      for (let n = 0; n < 51; n += 1) await testApp.enter();
      const { pager, entries } = await admin.data<{
        pager: { pages: number };
        entries: { at: string; action: string }[];
      }>('/admin/audit');
      expect(entries).to.have.length(50);
      expect(pager.pages).to.equal(2);
      const times = entries.map(({ at }) => Date.parse(at));
      expect([...times].sort((a, b) => b - a)).to.deep.equal(times);
      for (const query of ['page=0', 'page=201', 'page[$gt]=1&page=x']) {
        expect((await admin.get(`/admin/audit?${query}`)).status, query).to.equal(400);
      }
    });
  });

  it('is told in English too', async () => {
    const visitor = await testApp.enter();
    for (const path of [
      '/admin',
      '/admin/platforms',
      '/admin/grades',
      '/admin/people',
      '/admin/audit',
      '/admin/account',
    ]) {
      const { text } = await visitor.get(`${path}?lang=en`);
      expect(text).to.contain('<html lang="en"');
      const main = /<main[^]*<\/main>/.exec(text)?.[0] ?? '';
      expect(/<h1>[^<]*[а-я][^<]*<\/h1>/i.exec(main), path).to.equal(null);
    }
  });
});
