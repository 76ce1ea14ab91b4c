import { expect } from 'chai';
import sharp from 'sharp';
import { offer } from '../consultations/fixtures.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { launchAs, makeAssociation, makeCard } from './support.js';

interface Steps {
  readonly firstSteps: { name: string; done: boolean }[];
}
interface Cards {
  readonly cards: unknown[];
}

describe('directory: at /admin', function () {
  this.timeout(120_000);
  let testApp: AdminTestApp;
  let admin: AdminVisitor;

  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  const submit = (path: string, fields: Record<string, string>) =>
    admin.post(path, fields, { page: '/admin/directory/teachers' });

  it('says on the first day what to do where there are no cards', async () => {
    expect((await admin.get('/admin/directory/teachers')).text).to.include(
      'Карточек пока нет. Загрузите таблицу',
    );
    const posts = await admin.get('/admin/organisation');
    expect(posts.text)
      .to.include('карточек пока нет')
      .and.include('href="/admin/directory/teachers"')
      .and.include('href="/admin/directory/associations"');
    const { body } = await testApp.anonymous().get('/');
    expect(body, 'the name of the product stands once').to.include('<title>Наставник</title>');
  });

  it('the step of cards is done when everyone may see one', async () => {
    const isDone = async (): Promise<boolean | undefined> =>
      (await admin.data<Steps>('/admin')).firstSteps.find(({ name }) => name === 'cards')?.done;
    await submit('/admin/directory/teachers', { surname: 'Закрытая', visibility: 'staff' });
    expect((await admin.data<Cards>('/admin/organisation')).cards).to.have.length(1);
    expect(await isDone()).to.equal(false);
    // A post is given to a person who was chosen, not to the first of the list.
    expect((await admin.get('/admin/organisation')).text).to.match(
      /<select name="cardId" required>\s*<option value="">/,
    );
  });

  it('an administrator adds the first card before any launch, and the open site shows it', async () => {
    const form = await admin.get('/admin/directory/new-teacher');
    expect(form.status).to.equal(200);
    expect(form.text).to.include('action="/admin/directory/teachers"');
    const made = await submit('/admin/directory/teachers', {
      surname: 'Первая',
      givenName: 'Анна',
      responsible: 'director',
      visibility: 'public',
      contactKind: 'email',
      contactValue: 'first@example.org',
      contactPurpose: 'administration',
      contactHours: '',
      contactVisibility: 'public',
      consent: '1',
    });
    expect(made.url).to.match(/\/admin\/directory\/teachers\/pervaya-anna\?done=directory\.made$/);
    const page = await testApp.anonymous().get('/teachers/pervaya-anna');
    expect(page.body).to.include('Первая Анна').and.include('first@example.org').and.include('Директор');
    const edit = await admin.get('/admin/directory/teachers/pervaya-anna/edit');
    expect(edit.text).to.include('first@example.org');
  });

  it('is closed to those who are not in', async () => {
    const visitor = testApp.visitor();
    for (const path of ['/admin/directory', '/admin/directory/site', '/admin/directory/import']) {
      expect((await visitor.get(path)).url, path).to.include('/admin/login');
    }
    const posted = await visitor.post('/admin/directory/teachers', { surname: 'Чужая' });
    expect(posted.status).to.be.oneOf([401, 403]);
  });

  it('the centre’s words, channels and kinds of contacts are set in one form', async () => {
    const saved = await submit('/admin/directory/site', {
      version: '0',
      about: 'О нас',
      postalAddress: 'Адрес',
      help: '',
      divisionDocument: '',
      contactKind: 'telephone',
      contactValue: '8 900 111-22-33',
      contactPurpose: 'administration',
      contactHours: 'пн–пт',
      kinds: 'telephone',
    });
    expect(saved.url).to.include('done=directory.saved');
    const { body } = await testApp.anonymous().get('/');
    expect(body).to.include('О нас').and.include('tel:+79001112233');
    const wrong = await submit('/admin/directory/site', {
      version: '1',
      contactKind: 'telephone',
      contactValue: 'не номер',
      contactPurpose: 'any',
      contactHours: '',
      kinds: 'telephone',
    });
    expect(wrong.status).to.equal(400);
    expect(wrong.text).to.include('не номер').and.include('Нужен номер с кодом');
    const stale = await submit('/admin/directory/site', { version: '0', kinds: 'telephone' });
    expect(stale.status).to.equal(409);
    await testApp.app.features.directory.site.change({ kinds: ['telephone', 'email', 'vk'] });
  });

  it('the centre’s logo stands on the first page, fitted, until it is removed', async () => {
    const send = async (bytes: Buffer, name: string) => {
      const form = new FormData();
      form.append('csrf', await admin.csrf('/admin/directory/site'));
      form.append('logo', new Blob([new Uint8Array(bytes)]), name);
      const body = new Response(form);
      return admin.browser.request(`${testApp.origin}/admin/directory/site/logo`, {
        method: 'POST',
        from: testApp.origin,
        headers: { 'content-type': body.headers.get('content-type') ?? '' },
        body: new Uint8Array(await body.arrayBuffer()),
      });
    };
    const drawn = await sharp({ create: { width: 1_000, height: 500, channels: 3, background: '#1f6f78' } })
      .png()
      .toBuffer();
    const saved = await send(drawn, 'логотип.png');
    expect(saved.url, saved.text).to.include('done=directory.saved');
    const open = testApp.anonymous();
    const [, path = ''] = /class="logo" src="(\/files\/[^"]+)"/.exec((await open.get('/')).body) ?? [];
    const picture = await fetch(`${testApp.origin}${path}`);
    const { width, height, format } = await sharp(Buffer.from(await picture.arrayBuffer())).metadata();
    expect([width, height, format]).to.deep.equal([320, 160, 'webp']);

    // A page that begins as a picture is none.
    const polyglots = [
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      Buffer.from('GIF89a/*<script>alert(1)</script>*/'),
    ];
    for (const bytes of polyglots) {
      const refused = await send(bytes, 'logo.png');
      expect(refused.status).to.equal(400);
      expect(refused.text).to.include('id="logo-error"');
    }
    await submit('/admin/directory/site/logo/remove', {});
    expect((await open.get('/')).body).to.not.include('class="logo"');
    expect((await fetch(`${testApp.origin}${path}`)).status).to.equal(404);
  });

  it('teachers of courses get cards from the roster, once, and are told from those who have one', async () => {
    const teacher = await launchAs(testApp, 'teacher', '12');
    interface Offered {
      teachers: { personId: string; fullName: string }[];
    }
    const offered = await admin.data<Offered>('/admin/directory/roster');
    expect(offered.teachers).to.have.length(1);
    const { personId, fullName } = offered.teachers[0]!;
    const nothing = await submit('/admin/directory/roster', {});
    expect(nothing.status).to.equal(400);
    const unasked = await submit('/admin/directory/roster', { person: personId, visibility: 'public' });
    expect(unasked.status, 'nothing is published without consent').to.equal(400);
    expect(unasked.text)
      .to.match(new RegExp(`value="${personId}"\\s+checked`))
      .and.include('consent-error');
    const made = await submit('/admin/directory/roster', { person: personId });
    expect(made.url).to.include('done=directory.rosterMade');
    expect((await admin.get('/admin/directory/teachers')).text).to.include(fullName);
    expect((await testApp.anonymous().get('/teachers')).body).to.not.include(fullName);
    expect((await teacher.get('directory/mine')).url).to.match(/directory\/teachers\/[a-z-]+\/edit$/);
    expect((await admin.data<Offered>('/admin/directory/roster')).teachers).to.deep.equal([]);
    const again = await submit('/admin/directory/roster', { person: personId });
    expect(again.status, 'nothing is made twice').to.be.oneOf([200, 400]);
    await launchAs(testApp, 'teacher', '13');
    const [another] = (await admin.data<Offered>('/admin/directory/roster')).teachers;
    await submit('/admin/directory/roster', {
      person: another!.personId,
      visibility: 'public',
      consent: '1',
    });
    expect((await testApp.anonymous().get('/teachers')).body).to.include(another!.fullName);
  });

  it('the first steps stand on the overview until they are done', async () => {
    const { text } = await admin.get('/admin');
    expect(text)
      .to.include('С чего начать')
      .and.include('/admin/directory/site')
      .and.include('/admin/settings');
    const { firstSteps } = await admin.data<Steps>('/admin');
    const done = firstSteps.filter((step) => step.done).map(({ name }) => name);
    expect(done).to.include('cards').and.include('posts').and.include('channels').and.include('platform');
    expect(firstSteps.find(({ name }) => name === 'series')).to.deep.include({ done: false });
    // Each step says what it is for.
    expect(text.match(/<li>[^]*?<\/a>\s*<p class="muted">\S[^]*?<\/li>/g)).to.have.length(firstSteps.length);
    const { centre } = testApp.app;
    const { version, settings } = await centre.find();
    await centre.save(version, { ...settings, nameRu: 'Центр «Ступени»' });
    await offer(testApp, await launchAs(testApp, 'teacher', '11'), 1);
    expect((await admin.get('/admin')).text).to.not.include('С чего начать');
  });

  it('the head of an association edits the cards of its members, and no others', async () => {
    const head = await launchAs(testApp, 'teacher', '11');
    const manager = await launchAs(testApp, 'methodist', '3');
    await head.json('POST', 'directory/mine', { surname: 'Главная' });
    const association = await makeAssociation(manager, { title: 'Ведомые', head: 'glavnaya' });
    const member = await makeCard(manager, { surname: 'Член', associations: [association] });
    const other = await makeCard(manager, { surname: 'Посторонний' });
    expect((await head.json('GET', `directory/teachers/${other}/edit`)).status).to.equal(403);
    const saved = await head.json('POST', `directory/teachers/${member}`, {
      version: 1,
      position: 'Педагог',
    });
    expect(saved.status).to.equal(303);
    expect((await head.get(`directory/teachers/${member}`)).body).to.include(`/teachers/${member}/edit`);
  });

  it('two cards become one after a preview, and nothing is lost', async () => {
    const manager = await launchAs(testApp, 'methodist', '3');
    const from = await makeCard(manager, {
      surname: 'Двойная',
      givenName: 'Ольга',
      position: 'Педагог',
      subjects: ['Химия'],
      vk: 'dvoynaya_vk',
      vkVisibility: 'public',
      visibility: 'public',
      consent: true,
    });
    const into = await makeCard(manager, {
      surname: 'Двойная',
      givenName: 'О.',
      subjects: ['Биология'],
      about: 'О себе',
      position: 'Педагог дополнительного образования',
      visibility: 'students',
    });
    await manager.json('POST', `directory/teachers/${from}/materials`, {
      kind: 'text',
      title: 'Материал двойной',
      text: 'x',
      audience: 'students',
    });
    const led = await makeAssociation(manager, { title: 'Её объединение', head: from });
    const group = { title: 'Её группа', teachers: from };
    await manager.submit(`directory/associations/${led}/groups/new`, group);
    const { organisation } = testApp.app.features.directory;
    const holder = (await organisation.listTeachers()).find(({ slug }) => slug === from)!;
    await organisation.saveUnit('department', null, 0, {
      ...{ title: 'Её отдел', headId: holder.cardId, members: [] },
    });
    const preview = await admin.get(`/admin/directory/teachers/${from}/merge?into=${into}`);
    expect(preview.text)
      .to.include('Биология, Химия')
      .and.include('перейдёт 1 материал')
      .and.include('Ольга')
      .and.match(/name="take" value="givenName"/);
    // Both are deputies, the one that goes until a day: the kept card's post does not end by it.
    const idOf = async (slug: string): Promise<string> =>
      (await organisation.listTeachers()).find((place) => place.slug === slug)?.cardId ?? '';
    const by = { personId: '', name: '' };
    await organisation.setHolder('deputyMethod', await idOf(into), true, by);
    const term = { since: '', until: '2099-01-01' };
    await organisation.setHolder('deputyMethod', await idOf(from), true, by, term);
    const choice = { into, version: '2', take: 'givenName' };
    const done = await submit(`/admin/directory/teachers/${from}/merge`, choice);
    expect(done.url).to.include(`/teachers/${into}?done=directory.merged`);
    const page = await manager.get(`directory/teachers/${into}`);
    expect(page.body)
      .to.include('Химия')
      .and.include('vk.com/dvoynaya_vk')
      .and.include('Материал двойной')
      .and.include('О себе')
      .and.include('Её объединение')
      .and.include('Её группа')
      .and.include('Заведующий отделом: Её отдел')
      .and.include('Двойная Ольга')
      .and.include('Педагог дополнительного образования');
    interface EditPage {
      kept: { journal: { what: string }[] };
    }
    const { kept } = (await manager.json('GET', `directory/teachers/${into}/edit`)).data as EditPage;
    expect(
      kept.journal.map(({ what }) => what),
      'the history of both',
    ).to.deep.equal(['merged', 'edited', 'made', 'edited', 'made']);
    const [deputy] = await organisation.holdersOf(['deputyMethod']);
    expect(deputy).to.deep.include({ cardId: await idOf(into), until: '' });
    // The old address leads to the kept card, and what only students saw is not public now.
    expect((await manager.get(`directory/teachers/${from}`)).body).to.include('Двойная Ольга');
    expect((await testApp.anonymous().get(`/teachers/${from}`)).status).to.equal(404);
    const stale = await manager.json('POST', `directory/teachers/${into}/merge`, {
      into: 'chlen',
      version: 77,
    });
    expect(stale.status).to.equal(409);
    await manager.submit(`directory/teachers/${into}/remove`);
    expect(
      (await organisation.listDepartments()).map(({ headId }) => headId),
      'a card that is gone heads nothing',
    ).to.deep.equal(['']);
  });

  it('a merge that was cut short before the other card went is finished by another, and writes the history once', async () => {
    const manager = await launchAs(testApp, 'methodist', '3');
    const from = await makeCard(manager, { surname: 'Прерванная', subjects: ['Химия'] });
    const into = await makeCard(manager, { surname: 'Прерванная', givenName: 'Анна' });
    const merge = (version: string) =>
      submit(`/admin/directory/teachers/${from}/merge`, { into, version, take: '' });
    const model = testApp.storage.connection.model('DirectoryCard');
    model.deleteOne = () => {
      throw new Error('the process ends here');
    };
    try {
      expect((await merge('1')).status).to.equal(500);
    } finally {
      Reflect.deleteProperty(model, 'deleteOne');
    }
    const stored = async (slug: string) =>
      model.findOne({ slug }).lean<{ version: number; journal: { what: string }[]; subjects: string[] }>();
    expect(await stored(from), 'the other card is still there').to.not.equal(null);
    expect((await merge(String((await stored(into))!.version))).url).to.include('done=directory.merged');
    expect(await stored(from)).to.equal(null);
    const kept = await stored(into);
    expect(kept!.journal.map(({ what }) => what)).to.deep.equal(['made', 'made', 'merged']);
    expect(kept!.subjects).to.deep.equal(['Химия']);
    expect((await manager.get(`directory/teachers/${from}`)).body).to.include('Прерванная Анна');
  });

  it('departments, programmes and the centre’s words for posts are shown on the open site', async () => {
    const { organisation } = testApp.app.features.directory;
    const director = (await organisation.holdersOf(['director']))[0]!;
    const unit = { members: [] };
    const { id } = await organisation.saveUnit('department', null, 0, {
      ...unit,
      title: 'Отдел естественных наук',
      headId: director.cardId,
    });
    await organisation.saveUnit('programme', null, 0, { ...unit, title: 'Юный физик', headId: '' });
    await organisation.setTitle('director', 'Заведующая центром');
    const open = testApp.anonymous();
    expect((await open.get('/programmes')).body).to.include('Юный физик');
    expect((await open.get('/sveden/struct')).body)
      .to.include('Отдел естественных наук')
      .and.include('Первая Анна');
    for (const path of ['/', '/responsible'])
      expect((await open.get(path)).body, path).to.include('Заведующий отделом: Отдел естественных наук');
    for (const path of ['/', '/teachers', '/sveden/managers'])
      expect((await open.get(path)).body, path).to.include('Заведующая центром');
    await organisation.removeUnit('department', id);
    expect((await open.get('/sveden/struct')).body).to.not.include('Отдел естественных наук');
  });
});
