import { expect } from 'chai';
import { MINUTE } from '../../../src/shared/clock.js';
import { changingRoutesOf } from '../../support/routes.js';
import { differences, snapshotOf } from '../../support/snapshot.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ALIEN_IDS } from '../../flows/attacked.js';
import { makeStaff, personIdOf } from './organisation.js';
import { dataOf, launchAs, versionOf } from './support.js';

const HEAD = 'head@example.org';

interface Led {
  associations: { slug: string; title: string; teachers: { slug: string; fullName: string }[] }[];
}

describe('those who answer for associations', () => {
  let testApp: TestApp;
  let head: Visitor;
  let member: string;
  let outsider: string;
  let maths: string;
  let physics: string;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    // The LMS knows the head as an assistant.
    await launchAs(testApp, 'assistant', '15', { course: '3' });
    const { directory } = testApp.app.features;
    const leader = await makeStaff(testApp, {
      surname: 'Главная',
      email: HEAD,
      personIds: [await personIdOf(testApp, '15')],
    });
    const association = (title: string, card = '') =>
      directory.upsertAssociation({ title, description: 'Было', head: card });
    const led = await association('Математики', leader.slug);
    const other = await association('Физики');
    [maths, physics] = [led.slug, other.slug];
    member = (await makeStaff(testApp, { surname: 'Соколова', associationIds: [led.id] })).slug;
    outsider = (await makeStaff(testApp, { surname: 'Физик', associationIds: [other.id] })).slug;
    head = await launchAs(testApp, 'assistant', '15', { course: '3' });
  });
  after(() => testApp.close());

  it('find their associations and cards on one page, whatever role the LMS sends', async () => {
    const { associations } = await dataOf<Led>(head, 'directory/led');
    expect(associations.map(({ title, teachers }) => [title, teachers.length])).to.deep.equal([
      ['Математики', 2],
    ]);
    expect((await head.get('directory')).body)
      .to.include('directory/led"')
      .and.include('Мои объединения');
    const other = await launchAs(testApp, 'teacher', '13');
    expect((await other.get('directory/led')).status).to.equal(403);
    expect((await other.get('directory')).body).to.not.include('directory/led"');
  });

  it('edit the cards of their associations and no others', async () => {
    const version = await versionOf(head, member);
    const saved = await head.json('POST', `directory/teachers/${member}`, { version, about: 'От головы' });
    expect(saved.status, JSON.stringify(saved.data)).to.equal(303);
    expect((await head.get(`directory/teachers/${member}`)).body).to.include('От головы');
    for (const path of [`teachers/${outsider}/edit`, `associations/${physics}/edit`])
      expect((await head.get(`directory/${path}`)).status, path).to.equal(403);
    expect((await head.json('POST', `directory/teachers/${outsider}`, { version: 1 })).status).to.equal(403);
  });

  it('edit what their association says, but neither name its head nor remove it', async () => {
    const form = await head.get(`directory/associations/${maths}/edit`);
    expect(form.body).to.include('name="description"').and.not.include('name="head"');
    const version = await versionOf(head, maths, 'associations');
    const saved = await head.json('POST', `directory/associations/${maths}`, {
      version,
      description: 'Стало',
      head: outsider,
    });
    expect(saved.status, JSON.stringify(saved.data)).to.equal(303);
    const [association] = await testApp.app.features.directory.organisation.listAssociations();
    const leader = await testApp.app.features.directory.cardOfPerson(await personIdOf(testApp, '15'));
    expect(association).to.include({ description: 'Стало', headId: leader?.id });
    expect((await head.get(`directory/associations/${maths}/remove`)).status).to.equal(403);
  });

  it('keep the groups of their association, which its page and those of its teachers show', async () => {
    const groups = `directory/associations/${maths}/groups`;
    const page = await head.get(`directory/associations/${maths}`);
    expect(page.body).to.include(`${groups}/new"`);
    const refused = await head.submit(`${groups}/new`, { title: '', programme: 'Алгебра' });
    expect(refused.status).to.equal(400);
    expect(refused.body).to.include('value="Алгебра"');
    const made = await head.submit(`${groups}/new`, {
      ...{ title: '7 «А»', programme: 'Алгебра, 7 класс', teachers: member, lmsGroup: '' },
    });
    expect(made.url, made.body.slice(0, 500)).to.include('done=directory.saved');
    const again = await head.json('POST', `${groups}/new`, { title: '7 «а»' });
    expect(again.status, 'one of each title').to.equal(400);
    const { groups: kept } = await dataOf<{ groups: { id: string; teachers: unknown[] }[] }>(
      head,
      `directory/associations/${maths}`,
    );
    expect(kept.map(({ teachers }) => teachers.length)).to.deep.equal([1]);
    expect((await head.get(`directory/teachers/${member}`)).body).to.include('7 «А» (Алгебра, 7 класс)');
    const foreign = await head.json('POST', `directory/associations/${physics}/groups/new`, { title: 'X' });
    expect(foreign.status).to.equal(403);
    const id = kept[0]!.id;
    const stale = await head.json('POST', `${groups}/${id}`, { title: '7 «Б»', version: 9 });
    expect(stale.status).to.equal(409);
    const outside = await head.json('POST', `${groups}/${id}`, {
      title: '7',
      version: 1,
      teachers: [outsider],
    });
    expect(outside.status, 'a teacher of another association').to.equal(400);
    // The name of a teacher who is not shown to everybody stays with colleagues.
    const open = await testApp.anonymous().get(`/associations/${maths}`);
    expect(open.body).to.include('7 «А»').and.not.include('Соколова').and.not.include('groups/');
    await head.submit(`${groups}/${id}/remove`);
    expect((await head.get(`directory/associations/${maths}`)).body).to.not.include('7 «А»');
  });

  it('do the same at /staff, without a course', async () => {
    expect((await testApp.anonymous().get('/staff/directory/led')).body).to.include(
      'Вход для ответственных лиц',
    );
    const { visitor, page, csrf } = await signIn();
    expect(page).to.include('Соколова').and.include(`/staff/directory/teachers/${member}/edit`);
    const version = await versionAt(visitor, member);
    const saved = await visitor.submit(`/staff/directory/teachers/${member}`, {
      ...{ csrf, version: String(version), surname: 'Соколова', givenName: 'Мария' },
      hours: 'Вторник, 15:00',
    });
    expect(saved.url, saved.body).to.match(new RegExp(`/staff/directory/teachers/${member}\\?`));
    expect(saved.body).to.include('Вторник, 15:00');
    expect((await visitor.get(`/staff/directory/teachers/${outsider}/edit`)).status).to.equal(403);
    expect((await visitor.get('/staff/directory/mine')).url).to.match(/teachers\/glavnaya-mariya\/edit$/);
  });

  describe('at /staff', () => {
    let staff: { visitor: Visitor; csrf: string };
    let material: string;
    let group: string;
    before(async () => {
      const methodist = await launchAs(testApp, 'methodist', '3');
      const made = await methodist.json('POST', `directory/teachers/${outsider}/materials`, {
        ...{ kind: 'text', title: 'Оптика', text: 'Линзы', audience: 'students' },
      });
      material = /materials\/([a-z0-9-]+)/.exec(made.headers.get('location') ?? '')?.[1] ?? '';
      await methodist.json('POST', `directory/associations/${physics}/groups/new`, { title: 'Оптики' });
      const page = await dataOf<{ groups: { id: string }[] }>(methodist, `directory/associations/${physics}`);
      group = page.groups[0]!.id;
      staff = await signIn();
      await testApp.app.jobs.drain();
      await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    });

    /** What each change takes, so that it is refused for no other reason. */
    const BODIES: Readonly<Record<string, object>> = {
      mine: { surname: 'Вторая' },
      teachers: { surname: 'Новый' },
      'teachers/:slug': { version: 1, about: 'Чужое' },
      'teachers/:slug/withdraw': { contact: '' },
      'teachers/:slug/merge': { into: 'glavnaya-mariya', version: 1 },
      'teachers/:slug/remove': {},
      'teachers/:slug/photo': {},
      'teachers/:slug/photo/remove': {},
      'teachers/:slug/materials': { kind: 'text', title: 'Новый', text: 'Текст', audience: 'students' },
      'materials/:key': { version: 1, title: 'Другой' },
      'materials/:key/remove': {},
      associations: { title: 'Новое' },
      'associations/:slug': { version: 1, description: 'Чужое' },
      'associations/:slug/remove': {},
      'associations/:slug/groups/new': { title: 'Новая' },
      'associations/:slug/groups/:groupId': { version: 1, title: 'Чужая' },
      'associations/:slug/groups/:groupId/remove': {},
    };
    const ROUTES = Object.keys(BODIES);
    const ofOthers = (route: string): string =>
      route
        .replace(':slug', route.startsWith('associations') ? physics : outsider)
        .replace(':key', material)
        .replace(':groupId', group);

    async function change(visitor: Visitor, route: string, path: string, csrf: string) {
      const { status, text } = await visitor.browser.request(`${testApp.origin}/staff/directory/${path}`, {
        ...{ method: 'POST', follow: false, from: testApp.origin, body: JSON.stringify(BODIES[route]) },
        headers: {
          ...{ accept: 'application/json', 'content-type': 'application/json' },
          ...(csrf !== '' && { 'x-csrf-token': csrf }),
        },
      });
      const { code } = (text.startsWith('{') ? JSON.parse(text) : {}) as { code?: string };
      return { status, code, said: `${path.slice(0, 80)}: ${status} ${text.slice(0, 200)}` };
    }
    async function expectUnchangedBy(attack: () => Promise<void>): Promise<void> {
      const before = await snapshotOf(testApp);
      await attack();
      expect(differences(before, await snapshotOf(testApp))).to.deep.equal([]);
    }

    it('every change is known here', () => {
      const routes = changingRoutesOf(testApp.app.express).filter((route) =>
        route.includes(' /staff/directory'),
      );
      expect(routes.sort()).to.deep.equal(ROUTES.map((route) => `POST /staff/directory/${route}`).sort());
    });

    it('no change is taken without a sign-in, without its token, or with the token of a course', async () => {
      await expectUnchangedBy(async () => {
        for (const route of ROUTES) {
          const path = ofOthers(route);
          for (const visitor of [testApp.anonymous(), head]) {
            const { code, said } = await change(visitor, route, path, staff.csrf);
            expect(code, said).to.equal('staff-sign-in-needed');
          }
          for (const csrf of ['', 'x', await head.csrf()]) {
            const { code, said } = await change(staff.visitor, route, path, csrf);
            expect(code, said).to.equal('csrf');
          }
        }
      });
    });

    it('nothing of others is changed, and nothing that only managers may', async () => {
      await expectUnchangedBy(async () => {
        // The head's own card is there already.
        for (const route of ROUTES.filter((name) => name !== 'mine')) {
          const { code, said } = await change(staff.visitor, route, ofOthers(route), staff.csrf);
          expect(code, said).to.equal('forbidden');
        }
      });
    });

    it('ids of nothing are refused', async () => {
      await expectUnchangedBy(async () => {
        for (const route of ROUTES.filter((name) => name.includes(':'))) {
          for (const id of ALIEN_IDS) {
            const path = route.replaceAll(/:\w+/g, id);
            const { status, code, said } = await change(staff.visitor, route, path, staff.csrf);
            expect(status, said).to.be.within(400, 499);
            expect(code, said).to.not.be.oneOf(['staff-sign-in-needed', 'csrf']);
          }
        }
      });
    });
  });

  /** Signs the head in at /staff by a link from a message. */
  async function signIn(): Promise<{ visitor: Visitor; page: string; csrf: string }> {
    const visitor = testApp.anonymous();
    await visitor.submit('/staff/link', { email: HEAD });
    await testApp.app.jobs.drain();
    const { messages } = (await visitor.json('GET', '/outbox')).data as { messages: { text: string }[] };
    const tokens = messages.flatMap(({ text }) => /token=([\w-]+)/.exec(text)?.[1] ?? []);
    // Those of earlier messages are used up.
    for (const token of tokens) await visitor.submit('/staff/enter', { token });
    // The next link to the same address goes in the next two minutes.
    testApp.clock.advance(2 * MINUTE);
    const { body: page } = await visitor.get('/staff/directory/led');
    return { visitor, page, csrf: /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '' };
  }

  const versionAt = async (visitor: Visitor, slug: string): Promise<number> =>
    (await dataOf<{ kept: { version: number } }>(visitor, `/staff/directory/teachers/${slug}/edit`)).kept
      .version;
});
