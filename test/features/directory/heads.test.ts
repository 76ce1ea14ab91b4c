import { expect } from 'chai';
import { MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
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
  let stranger: string;
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
    stranger = (await makeStaff(testApp, { surname: 'Физик', associationIds: [other.id] })).slug;
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
    for (const path of [`teachers/${stranger}/edit`, `associations/${physics}/edit`])
      expect((await head.get(`directory/${path}`)).status, path).to.equal(403);
    expect((await head.json('POST', `directory/teachers/${stranger}`, { version: 1 })).status).to.equal(403);
  });

  it('edit what their association says, but neither name its head nor remove it', async () => {
    const form = await head.get(`directory/associations/${maths}/edit`);
    expect(form.body).to.include('name="description"').and.not.include('name="head"');
    const version = await versionOf(head, maths, 'associations');
    const saved = await head.json('POST', `directory/associations/${maths}`, {
      version,
      description: 'Стало',
      head: stranger,
    });
    expect(saved.status, JSON.stringify(saved.data)).to.equal(303);
    const [association] = await testApp.app.features.directory.organisation.listAssociations();
    const leader = await testApp.app.features.directory.cardOfPerson(await personIdOf(testApp, '15'));
    expect(association).to.include({ description: 'Стало', headId: leader?.id });
    expect((await head.get(`directory/associations/${maths}/remove`)).status).to.equal(403);
  });

  it('do the same at /staff, without a course', async () => {
    const visitor = testApp.anonymous();
    expect((await visitor.get('/staff/directory/led')).body).to.include('Вход для ответственных лиц');
    await visitor.submit('/staff/link', { email: HEAD });
    await testApp.app.jobs.drain();
    const { messages } = (await visitor.json('GET', '/outbox')).data as { messages: { text: string }[] };
    const [, token] = /token=([\w-]+)/.exec(messages[0]?.text ?? '') ?? [];
    await visitor.submit('/staff/enter', { token: token! });
    testApp.clock.advance(MINUTE);
    const page = await visitor.get('/staff/directory/led');
    expect(page.body).to.include('Соколова').and.include(`/staff/directory/teachers/${member}/edit`);
    const { csrf } = /name="csrf" value="(?<csrf>[^"]+)"/.exec(page.body)?.groups ?? {};
    const version = await versionAt(visitor, member);
    const saved = await visitor.submit(`/staff/directory/teachers/${member}`, {
      ...{ csrf: csrf!, version: String(version), surname: 'Соколова', givenName: 'Мария' },
      hours: 'Вторник, 15:00',
    });
    expect(saved.url, saved.body).to.match(new RegExp(`/staff/directory/teachers/${member}\\?`));
    expect(saved.body).to.include('Вторник, 15:00');
    expect((await visitor.get(`/staff/directory/teachers/${stranger}/edit`)).status).to.equal(403);
    expect((await visitor.get('/staff/directory/mine')).url).to.match(/teachers\/glavnaya-mariya\/edit$/);
  });

  const versionAt = async (visitor: Visitor, slug: string): Promise<number> =>
    (await dataOf<{ kept: { version: number } }>(visitor, `/staff/directory/teachers/${slug}/edit`)).kept
      .version;
});
