import { expect } from 'chai';
import { DAY, HOUR } from '../../../src/shared/clock.js';
import { detailsOf } from '../../../src/features/directory/index.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

const HOME = '/admin/organisation';

interface Page {
  readonly posts: { post: string; title: string; holders: { id: string; name: string }[] }[];
  readonly departments: { id: string; title: string; head: string; associationIds: string[] }[];
  readonly programmes: { id: string; title: string; courseIds: string[] }[];
  readonly cards: { id: string; name: string }[];
}

describe('the organisation of the centre', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let personId: string;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
    await testApp.launch({ person: '11', course: '2' });
    const people = testApp.storage.connection.model('Person');
    personId = String((await people.findOne({ sub: '11' }).lean<{ _id: unknown } | null>())?._id);
    const name = { surname: 'Ефимова', givenName: 'Лидия', patronymic: '' };
    await testApp.app.features.directory.upsertCard(
      {
        ...{ name, position: '', subjects: [], associationIds: [], posts: [], personIds: [personId] },
        ...{ visibility: 'staff', consent: false },
        details: detailsOf(() => ({ value: '', visibility: 'staff' as const })),
      },
      { personId: '', name: '' },
    );
  });
  after(() => testApp.close());

  const page = (): Promise<Page> => admin.data<Page>(HOME);
  const post = (path: string, fields: Record<string, string>) =>
    admin.post(`${HOME}/${path}`, fields, { page: HOME });
  const { organisation } = { organisation: () => testApp.app.features.directory.organisation };

  it('gives a post to a person whatever role the LMS sends, and takes it', async () => {
    const [card] = (await page()).cards;
    expect((await organisation().dutiesOf(personId)).all).to.equal(false);
    const given = await post('posts/deputyMethod/holders', { cardId: card!.id });
    expect(given.url).to.include('organisationSaved');
    expect((await page()).posts.find((row) => row.post === 'deputyMethod')?.holders).to.deep.equal([
      { id: card!.id, name: 'Ефимова Лидия', since: '', until: '', coming: false },
    ]);
    expect((await organisation().dutiesOf(personId)).all).to.equal(true);
    await post('posts/deputyMethod/holders/remove', { cardId: card!.id });
    expect((await organisation().dutiesOf(personId)).all).to.equal(false);
  });

  it('gives a post from a day and takes it after its last, several at once', async () => {
    const [card] = (await page()).cards;
    const day = (ahead: number): string =>
      new Date(testApp.clock.now().getTime() + ahead * DAY).toISOString().slice(0, 10);
    await post('posts/deputyStudy/holders', { cardId: card!.id });
    const term = { since: day(2), until: day(4) };
    await post('posts/deputyMethod/holders', { cardId: card!.id, ...term });
    const holder = async () => (await page()).posts.find((row) => row.post === 'deputyMethod')?.holders[0];
    const posts = async () => [...(await organisation().dutiesOf(personId)).posts].sort();
    expect(await holder()).to.include({ ...term, coming: true });
    expect(await posts()).to.deep.equal(['deputyStudy']);

    testApp.clock.advance(2 * DAY + HOUR);
    await testApp.app.jobs.drain();
    admin = await testApp.enter();
    expect(await posts()).to.deep.equal(['deputyMethod', 'deputyStudy']);
    expect(await holder()).to.include({ ...term, coming: false });
    const shown = term.until.split('-').reverse().join('.');
    expect((await admin.get(HOME)).text).to.include(`по ${shown}`);

    testApp.clock.advance(3 * DAY);
    await testApp.app.jobs.drain();
    admin = await testApp.enter();
    expect(await posts()).to.deep.equal(['deputyStudy']);
    expect(await holder()).to.equal(undefined);

    const wrong = await post('posts/director/holders', { cardId: card!.id, since: day(5), until: day(1) });
    expect(wrong.status).to.equal(400);
    await post('posts/deputyStudy/holders/remove', { cardId: card!.id });
  });

  it('calls posts by the centre’s own words, and notes the change', async () => {
    await post('posts/director/title', { title: 'Заведующая центром' });
    expect((await page()).posts[0]).to.include({ post: 'director', title: 'Заведующая центром' });
    expect((await admin.get(HOME)).text).to.include('Заведующая центром');
    const { entries } = await admin.data<{ entries: { action: string }[] }>('/admin/audit');
    expect(entries[0]?.action).to.equal('organisation-changed');
  });

  it('makes the head of a department answer for its associations', async () => {
    const association = await testApp.app.features.directory.upsertAssociation({
      ...{ title: 'Математики', description: '', head: '' },
    });
    const [card] = (await page()).cards;
    await post('department/new', { title: 'Отдел', head: card!.id, members: association.id });
    const [department] = (await page()).departments;
    expect(department).to.include({ title: 'Отдел', head: 'Ефимова Лидия' });
    expect((await organisation().dutiesOf(personId)).associationIds).to.deep.equal([association.id]);
    const again = await post('department/new', { title: 'отдел', head: '' });
    expect(again.status).to.equal(400);
    expect(again.text).to.include('Такое название уже есть');
    await post(`department/${department!.id}/remove`, {});
    expect((await page()).departments).to.deep.equal([]);
  });

  it('gathers courses in a programme, and refuses a stale form', async () => {
    const [course] = await testApp.app.features.membership.courses.listAll();
    await post('programme/new', { title: 'Математика, 9 класс', members: course!.id });
    const [programme] = (await page()).programmes;
    expect(programme).to.deep.include({ title: 'Математика, 9 класс', courseIds: [course!.id] });
    await post(`programme/${programme!.id}`, { title: 'Алгебра', members: course!.id, version: '1' });
    const stale = await post(`programme/${programme!.id}`, { title: 'Геометрия', version: '1' });
    expect(stale.status).to.equal(409);
    const wrong = await post('programme/new', { title: 'Чужое', members: programme!.id });
    expect(wrong.status).to.equal(400);
  });

  it('enters a branch, and refuses addresses and telephones that are none with the form filled', async () => {
    const [card] = (await page()).cards;
    const branch = {
      ...{ title: 'Филиал у реки', head: card!.id, post: 'Директор филиала', addressLine: 'ул. Речная, 1' },
      ...{
        telephone: '8 900 111-22-33',
        emailAddress: 'river@example.org',
        site: '',
        document: '',
        version: '0',
      },
    };
    const refused = await post('branch/new', {
      ...branch,
      telephone: 'звоните',
      site: 'javascript:alert(1)',
    });
    expect(refused.status).to.equal(400);
    expect(refused.text)
      .to.include('value="Филиал у реки"')
      .and.include('value="звоните"')
      .and.include('Нужен адрес страницы, например https://school.example.ru/page');
    await post('branch/new', branch);
    const list = await admin.get(HOME);
    expect(list.text).to.match(/Филиал · Ефимова Лидия · ул\. Речная, 1/);
    const { branches } = await admin.data<{ branches: { id: string; telephone: string }[] }>(HOME);
    expect(branches.map(({ telephone }) => telephone)).to.deep.equal(['+79001112233']);
    const form = await admin.get(`${HOME}/branch/${branches[0]!.id}`);
    expect(form.text).to.include('value="+7 900 111-22-33"').and.include('river@example.org');
    await post(`branch/${branches[0]!.id}/remove`, {});
    expect((await admin.get(HOME)).text).to.include('Филиалов и представительств нет');
  });
});
