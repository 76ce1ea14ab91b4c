import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  allKinds,
  contactFields,
  dataOf,
  launchAs,
  makeAssociation,
  makeCard,
  slugIn,
  VALUES,
  versionOf,
  withContacts,
} from './support.js';

interface FormData {
  readonly kept: {
    readonly version: number;
    readonly consents: { field: string; name: string }[];
    readonly journal: { what: string; fields: string[] }[];
  };
  readonly values: Readonly<Record<string, string>>;
  readonly rows: { readonly contacts: { kind: string; value: string; visibility: string }[] };
  readonly chosen: Readonly<Record<string, string[]>>;
}
interface CardData {
  readonly teacher: {
    readonly fullName: string;
    readonly position: string;
    readonly posts: string[];
    readonly contacts: { kind: string; href: string }[];
    readonly associations: { slug: string }[];
  };
}

describe('directory: editing', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let manager: Visitor;
  let administrator: Visitor;
  let teacher: Visitor;
  let assistant: Visitor;
  let student: Visitor;

  before(async () => {
    testApp = await startTestApp();
    await allKinds(testApp);
    manager = await launchAs(testApp, 'methodist', '3');
    administrator = await launchAs(testApp, 'administrator', '2');
    teacher = await launchAs(testApp, 'teacher', '11');
    assistant = await launchAs(testApp, 'assistant', '4');
    student = await launchAs(testApp, 'student', '101');
  });
  after(() => testApp.close());

  const formOf = (editor: Visitor, slug: string): Promise<FormData> =>
    dataOf<FormData>(editor, `directory/teachers/${slug}/edit`);
  const cardOf = (reader: Visitor, slug: string): Promise<CardData> =>
    dataOf<CardData>(reader, `directory/teachers/${slug}`);
  /** Makes the visitor's own card of the name that its form proposes, unless there is one. @returns its slug */
  const mineOf = async (visitor: Visitor): Promise<string> => {
    const mine = await visitor.json('GET', 'directory/mine');
    if (mine.status === 303) return slugIn(mine.headers);
    const { surname, givenName, patronymic } = (mine.data as FormData).values;
    return slugIn((await visitor.json('POST', 'directory/mine', { surname, givenName, patronymic })).headers);
  };

  describe('a teacher’s own card', () => {
    it('is proposed with the launch’s name, and is there once it is saved, for colleagues only', async () => {
      const page = await teacher.get('directory/mine');
      expect(page.status).to.equal(200);
      expect(page.body).to.include('value="Соколова"').and.include('value="Викторовна"');
      const address = 'directory/teachers/sokolova-elena-viktorovna';
      expect((await assistant.get(address)).status, 'looking makes nothing').to.equal(404);
      await mineOf(teacher);
      expect((await teacher.get('directory/mine')).url).to.match(/\/sokolova-elena-viktorovna\/edit$/);
      expect((await student.get('directory/teachers/sokolova-elena-viktorovna')).status).to.equal(404);
      expect((await assistant.get('directory/teachers/sokolova-elena-viktorovna')).status).to.equal(200);
    });

    it('is one, however many tabs save it first', async () => {
      const visitor = await launchAs(testApp, 'teacher', '12');
      const name = { surname: 'Григорьев', givenName: 'Андрей', patronymic: 'Павлович' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => visitor.json('POST', 'directory/mine', name)),
      );
      expect(answers.filter(({ status }) => status === 303)).to.have.lengthOf(1);
      expect(answers.filter(({ status }) => status === 409)).to.have.lengthOf(19);
      expect(await mineOf(visitor)).to.equal('grigorev-andrey-pavlovich');
      const { total } = await dataOf<{ total: number }>(manager, 'directory?q=григорьев');
      expect(total).to.equal(1);
    });

    it('is the same in every course, and later launches change nothing on it', async () => {
      const visitor = await launchAs(testApp, 'teacher', '17');
      const slug = await mineOf(visitor);
      const version = String(await versionOf(visitor, slug));
      const saved = await visitor.submit(`directory/teachers/${slug}`, {
        version,
        surname: 'Кузнецов-Невский',
        givenName: 'Пётр',
        patronymic: '',
      });
      expect(saved.body).to.include('Кузнецов-Невский Пётр').and.include('Сохранено');
      const elsewhere = await launchAs(testApp, 'teacher', '17', {
        course: '3',
        claims: { family_name: 'Кузнецов' },
      });
      expect(elsewhere.key).to.not.equal(visitor.key);
      expect(await mineOf(elsewhere)).to.equal(slug);
      expect((await cardOf(elsewhere, slug)).teacher.fullName).to.equal('Кузнецов-Невский Пётр');
    });

    it('must be given a name where the LMS told none', async () => {
      const nameless = { name: undefined, given_name: undefined, family_name: undefined };
      const visitor = await launchAs(testApp, 'teacher', '13', { claims: nameless });
      expect((await visitor.get('directory/mine')).status).to.equal(200);
      const reply = await visitor.json('POST', 'directory/mine', { position: 'Преподаватель' });
      expect(reply.status).to.equal(400);
      expect((reply.data as { fields: object }).fields).to.have.all.keys('surname');
      expect((await visitor.json('GET', 'directory/mine')).status, 'nothing was made').to.equal(200);
    });

    it('namesakes have addresses of their own', async () => {
      const slugs = [];
      for (let number = 0; number < 23; number += 1) {
        slugs.push(await makeCard(manager, { surname: 'Ильин', givenName: 'Ян' }));
      }
      expect(slugs.slice(0, 3)).to.deep.equal(['ilin-yan', 'ilin-yan-2', 'ilin-yan-3']);
      expect(slugs.at(-1)).to.match(/^ilin-yan-[a-z0-9]{6}$/);
      expect(new Set(slugs)).to.have.length(23);
    });
  });

  describe('saving', () => {
    it('keeps what is right, in normal form, and shows it', async () => {
      const association = await makeAssociation(manager, { title: 'Математика' });
      const slug = await mineOf(teacher);
      const sent = contactFields({
        version: String(await versionOf(teacher, slug)),
        surname: 'Соколова',
        givenName: 'Елена',
        patronymic: '',
        position: ' Преподаватель ',
        subjects: 'Алгебра, Геометрия;алгебра',
        associations: association,
        visibility: 'public',
        telephone: '8 900 123-45-67',
        telephoneVisibility: 'staff',
        telegram: 'https://t.me/Sokolova_EV',
        telegramVisibility: 'public',
        about: 'Первая строка\r\nвторая',
        aboutVisibility: 'students',
        consent: '1',
      });
      const reply = await teacher.submit(`directory/teachers/${slug}`, sent);
      expect(reply.status).to.equal(200);
      expect(reply.url).to.include(`/directory/teachers/${slug}?done=directory.saved`);
      const { values, rows, chosen, kept } = await formOf(teacher, slug);
      expect(values).to.include({
        patronymic: '',
        position: 'Преподаватель',
        subjects: 'Алгебра, Геометрия',
        about: 'Первая строка\nвторая',
        hours: '',
      });
      expect(rows.contacts.map(({ kind, value, visibility }) => [kind, value, visibility])).to.deep.equal([
        ['telephone', '+7 900 123-45-67', 'staff'],
        ['telegram', '@sokolova_ev', 'public'],
      ]);
      expect(chosen.associations).to.deep.equal([association]);
      expect(kept.consents.map(({ field }) => field)).to.deep.equal(['card', 'telegram']);
      expect(kept.consents[0]!.name).to.match(/^Соколова/);
      expect(kept.journal[0]).to.deep.include({ what: 'edited' });
      const open = await testApp.anonymous().get(`/teachers/${slug}`);
      expect(open.body)
        .to.include('Соколова Елена')
        .and.include('@sokolova_ev')
        .and.not.match(/123-45|Первая/);
      await teacher.submit(`directory/teachers/${slug}`, {
        ...sent,
        version: String(await versionOf(teacher, slug)),
        contactPlace: ['1', '1'],
      });
      const moved = await formOf(teacher, slug);
      expect(moved.rows.contacts.map(({ kind }) => kind)).to.deep.equal(['telegram', 'telephone']);
    });

    it('a wrong contact is refused by name, and nothing that was typed is lost', async () => {
      const slug = await mineOf(teacher);
      const before = await formOf(teacher, slug);
      const typed = {
        version: String(before.kept.version),
        surname: 'Соколова',
        position: 'Новая должность',
        telephone: 'позвоните <b>мне</b>',
        site: 'javascript:alert(1)',
        hours: 'по вторникам',
        subjects: 'Черчение',
        consent: '1',
      };
      const reply = await teacher.submit(`directory/teachers/${slug}`, contactFields(typed));
      expect(reply.status).to.equal(400);
      for (const part of [
        'id="contact-1-error"',
        'id="contact-2-error"',
        'Нужен номер с кодом города или оператора',
        'позвоните &lt;b&gt;мне',
        'value="javascript:alert(1)"',
      ]) {
        expect(reply.body).to.include(part);
      }
      expect(reply.body)
        .to.include('value="Новая должность"')
        .and.include('по вторникам')
        .and.include('value="Черчение"');
      expect(reply.body).to.not.include('href="javascript');
      expect(await formOf(teacher, slug)).to.deep.equal(before);
      const json = await teacher.json('POST', `directory/teachers/${slug}`, {
        ...withContacts(typed),
        version: before.kept.version,
      });
      expect(json.status).to.equal(400);
      expect((json.data as { fields: object }).fields).to.have.all.keys(
        'contacts.0.value',
        'contacts.1.value',
      );
    });

    it('nothing becomes public without consent, by whichever way it comes', async () => {
      const slug = await makeCard(manager, { surname: 'Скромный' });
      for (const change of [
        { visibility: 'public' },
        { email: 'a@b.ru', emailVisibility: 'public' },
        { about: 'О себе', aboutVisibility: 'public', consent: false },
      ]) {
        const reply = await manager.json(
          'POST',
          `directory/teachers/${slug}`,
          withContacts({ version: 1, ...change }),
        );
        expect(reply.status).to.equal(400);
        expect((reply.data as { fields: object }).fields).to.have.all.keys('consent');
      }
      const made = await manager.json('POST', 'directory/teachers', {
        surname: 'Открытый',
        visibility: 'public',
      });
      expect(made.status).to.equal(400);
      const page = await manager.submit(`directory/teachers/${slug}`, {
        version: '1',
        surname: 'Скромный',
        visibility: 'public',
      });
      expect(page.status).to.equal(400);
      expect(page.body).to.include('id="consent-error"');
    });

    it('in JSON, what is not sent stays; lists too', async () => {
      const association = await makeAssociation(manager, { title: 'Остаётся' });
      const slug = await makeCard(manager, {
        surname: 'Постоянный',
        subjects: ['Химия'],
        associations: [association],
        responsible: ['deputyStudy'],
        ...VALUES,
      });
      const reply = await manager.json('POST', `directory/teachers/${slug}`, {
        version: 1,
        position: 'Завуч',
      });
      expect(reply.status).to.equal(303);
      const { values, rows, chosen } = await formOf(manager, slug);
      const { hours, about, ...contacts } = VALUES;
      expect(values).to.include({
        hours,
        about,
        surname: 'Постоянный',
        position: 'Завуч',
        subjects: 'Химия',
      });
      expect(Object.fromEntries(rows.contacts.map(({ kind, value }) => [kind, value]))).to.deep.equal(
        contacts,
      );
      expect(chosen).to.deep.equal({ associations: [association], responsible: ['deputyStudy'] });
      // A form has no other way to say "none" than to send nothing.
      await manager.submit(`directory/teachers/${slug}`, { version: '2', surname: 'Постоянный' });
      expect((await formOf(manager, slug)).chosen).to.deep.equal({ associations: [], responsible: [] });
    });

    it('fields that are unknown, doubled, foreign or too long are refused by name', async () => {
      const slug = await makeCard(manager, { surname: 'Проверяемый' });
      const table: readonly (readonly [object, string])[] = [
        [{ slug: 'other' }, 'slug'],
        [{ personIds: ['x'] }, 'personIds'],
        [{ details: {} }, 'details'],
        [{ surname: ['a', 'b'] }, 'surname'],
        [{ surname: 'а'.repeat(301) }, 'surname'],
        [{ telephone: '8 900 123-45-67' }, 'telephone'],
        [{ contacts: [{ kind: 'telephone', value: 79001234567 }] }, 'contacts.0.value'],
        [{ contacts: [{ kind: 'telephone', value: '1'.repeat(501) }] }, 'contacts.0.value'],
        [{ contacts: [{ kind: 'fax', value: '1' }] }, 'contacts.0.kind'],
        [{ contacts: [{ kind: 'vk', value: 'id1', visibility: 'everyone' }] }, 'contacts.0.visibility'],
        [{ contacts: Array.from({ length: 31 }, () => ({ kind: 'vk', value: 'id1' })) }, 'contacts'],
        [{ education: [{ level: 'phd', speciality: 'x' }] }, 'education.0.level'],
        [{ training: [{ title: 'x', finishedOn: '2026-02-30' }] }, 'training.0.finishedOn'],
        [{ experienceSince: 'вчера' }, 'experienceSince'],
        [{ visibility: '' }, 'visibility'],
        [{ about: 'а'.repeat(5001) }, 'about'],
        [{ subjects: Array.from({ length: 31 }, (_, number) => `П${number}`) }, 'subjects'],
        [{ subjects: [{ $ne: 1 }] }, 'subjects.0'],
        [{ associations: ['no-such'] }, 'associations'],
        [{ associations: ['<script>'] }, 'associations.0'],
        [{ responsible: ['tsar'] }, 'responsible.0'],
        [{ version: 'x' }, 'version'],
        [{ version: { $gt: 0 } }, 'version'],
        [{ version: 0 }, 'version'],
      ];
      for (const [change, field] of table) {
        const reply = await manager.json('POST', `directory/teachers/${slug}`, { version: 1, ...change });
        expect(reply.status, field).to.equal(400);
        expect((reply.data as { fields: object }).fields, field).to.have.property(field);
      }
      const without = await manager.json('POST', `directory/teachers/${slug}`, { position: 'x' });
      expect((without.data as { fields: object }).fields).to.have.all.keys('version');
      const doubled = await manager.submit(`directory/teachers/${slug}`, {
        version: '1',
        surname: ['Два', 'Имени'],
      });
      expect(doubled.status).to.equal(400);
      expect(await versionOf(manager, slug)).to.equal(1);
    });

    it('refuses what is larger than a form can be, and other formats', async () => {
      const slug = await makeCard(manager, { surname: 'Большой' });
      const reply = await manager.json('POST', `directory/teachers/${slug}`, { about: 'а'.repeat(300_000) });
      expect(reply.status).to.equal(413);
    });
  });

  describe('two at once', () => {
    it('saving over a newer version is a 409 that keeps what was typed', async () => {
      const slug = await makeCard(manager, {
        surname: 'Общий',
        position: 'Было',
        telephone: '8 900 000-00-00',
      });
      const mine = { version: '1', surname: 'Общий', position: 'Моё', subjects: 'Физика' };
      const first = await administrator.submit(`directory/teachers/${slug}`, { ...mine, position: 'Чужое' });
      expect(first.status).to.equal(200);
      const second = await manager.submit(`directory/teachers/${slug}`, mine);
      expect(second.status).to.equal(409);
      expect(second.body).to.include('value="Моё"').and.include('value="Физика"');
      // What is saved now stands beside it, with who saved it; the next save is a knowing one.
      expect(second.body).to.include('Сейчас сохранено: Чужое').and.include('Лазарев Олег Игоревич');
      expect(second.body).to.include('name="version" value="2"');
      const json = await manager.json('POST', `directory/teachers/${slug}`, { version: 1, position: 'Моё' });
      expect(json.status).to.equal(409);
      expect(json.data).to.include({ code: 'directory-stale' });
      expect((await cardOf(manager, slug)).teacher.position).to.equal('Чужое');
      const third = await manager.submit(`directory/teachers/${slug}`, { ...mine, version: '2' });
      expect(third.status).to.equal(200);
      expect((await cardOf(manager, slug)).teacher.position).to.equal('Моё');
    });

    it('of thirty who save the same version, one is right', async () => {
      const slug = await makeCard(manager, { surname: 'Нарасхват' });
      const replies = await Promise.all(
        Array.from({ length: 30 }, (_, number) =>
          manager.json('POST', `directory/teachers/${slug}`, { version: 1, position: `Место ${number}` }),
        ),
      );
      expect(replies.filter(({ status }) => status === 303)).to.have.length(1);
      expect(replies.filter(({ status }) => status === 409)).to.have.length(29);
      expect(await versionOf(manager, slug)).to.equal(2);
    });

    it('a version that never was is stale as well', async () => {
      const slug = await makeCard(manager, { surname: 'Будущий' });
      const reply = await manager.json('POST', `directory/teachers/${slug}`, { version: 99 });
      expect(reply.status).to.equal(409);
      const page = await manager.submit(`directory/teachers/${slug}`, { version: '99', surname: 'Будущий' });
      expect(page.status).to.equal(409);
    });
  });

  describe('rights', () => {
    it('of every role, on every address', async () => {
      const card = await makeCard(manager, { surname: 'Чужой' });
      const association = await makeAssociation(manager, { title: 'Чужое объединение' });
      const version = 1;
      // Method, address, body; then what each gets. 200/303: done; 400: allowed to try.
      const table: readonly (readonly [
        string,
        string,
        object | undefined,
        number,
        number,
        number,
        number,
        number,
      ])[] = [
        ['GET', 'directory/mine', undefined, 403, 403, 303, 200, 200],
        ['POST', 'directory/mine', { surname: '' }, 403, 403, 400, 400, 400],
        ['GET', 'directory/new-teacher', undefined, 403, 403, 403, 200, 200],
        ['POST', 'directory/teachers', {}, 403, 403, 403, 400, 400],
        ['GET', `directory/teachers/${card}/edit`, undefined, 403, 403, 403, 200, 200],
        ['POST', `directory/teachers/${card}`, { version, surname: '' }, 403, 403, 403, 400, 400],
        ['GET', `directory/teachers/${card}/remove`, undefined, 403, 403, 403, 200, 200],
        ['POST', 'directory/teachers/nobody/remove', {}, 403, 403, 403, 404, 404],
        ['GET', 'directory/new-association', undefined, 403, 403, 403, 200, 200],
        ['POST', 'directory/associations', {}, 403, 403, 403, 400, 400],
        ['GET', `directory/associations/${association}/edit`, undefined, 403, 403, 403, 200, 200],
        ['POST', `directory/associations/${association}`, { version, title: '' }, 403, 403, 403, 400, 400],
        ['GET', `directory/associations/${association}/remove`, undefined, 403, 403, 403, 200, 200],
        ['POST', 'directory/associations/nothing/remove', {}, 403, 403, 403, 404, 404],
      ];
      const visitors = [student, assistant, teacher, manager, administrator];
      for (const [method, path, body, ...statuses] of table) {
        for (const [index, visitor] of visitors.entries()) {
          const reply = await visitor.json(method, path, body);
          expect(reply.status, `${method} ${path} #${index}`).to.equal(statuses[index]);
        }
      }
      expect(await versionOf(manager, card)).to.equal(1);
    });

    it('a teacher does not name themselves a responsible person, nor lose the post when they save', async () => {
      const visitor = await launchAs(testApp, 'teacher', '14');
      const slug = await mineOf(visitor);
      const grab = await visitor.json('POST', `directory/teachers/${slug}`, {
        version: 1,
        responsible: ['director'],
      });
      expect(grab.status).to.equal(400);
      expect((grab.data as { fields: object }).fields).to.have.all.keys('responsible');
      await manager.json('POST', `directory/teachers/${slug}`, { version: 1, responsible: ['deputyStudy'] });
      const saved = await visitor.submit(`directory/teachers/${slug}`, { version: '2', surname: 'Тарасов' });
      expect(saved.status).to.equal(200);
      expect((await cardOf(visitor, slug)).teacher.posts).to.deep.equal(['deputyStudy']);
      expect((await visitor.get('directory/responsible')).body).to.include(
        'Заместитель директора по учебной работе',
      );
    });

    it('readers are offered no way to change anything', async () => {
      const slug = await makeCard(manager, { surname: 'Читаемый', visibility: 'students' });
      for (const reader of [student, assistant]) {
        for (const path of ['directory', 'directory/associations', `directory/teachers/${slug}`]) {
          const { body } = await reader.get(path);
          expect(body).to.not.match(/\/edit|new-teacher|new-association|directory\/mine|\/remove/);
        }
      }
      expect((await teacher.get(`directory/teachers/${slug}`)).body).to.not.include('/edit');
      expect((await manager.get(`directory/teachers/${slug}`)).body).to.include(`/teachers/${slug}/edit`);
    });

    it('a change without the page’s token, or from another site, is refused', async () => {
      const slug = await mineOf(teacher);
      const version = await versionOf(teacher, slug);
      const reply = await teacher.submit(
        `directory/teachers/${slug}`,
        { version: String(version) },
        { csrf: 'x' },
      );
      expect(reply.status).to.equal(403);
      expect(await versionOf(teacher, slug)).to.equal(version);
    });
  });

  describe('associations', () => {
    it('are made, changed and removed; their teachers stay', async () => {
      const head = await makeCard(manager, { surname: 'Глава', visibility: 'students' });
      const slug = await makeAssociation(manager, { title: 'Иностранные языки', head });
      const member = await makeCard(manager, {
        surname: 'Член',
        visibility: 'students',
        associations: [slug],
      });
      const page = await student.get(`directory/associations/${slug}`);
      expect(page.body)
        .to.include('Член')
        .and.include('Глава')
        .and.include('Руководитель: Иностранные языки');
      const saved = await manager.submit(`directory/associations/${slug}`, {
        version: '1',
        title: 'Языки мира',
        description: 'Пять языков',
        head: '',
      });
      expect(saved.url).to.include(`/associations/${slug}?done=`);
      expect((await student.get(`directory/associations/${slug}`)).body)
        .to.include('Языки мира')
        .and.not.include('Глава');
      const asked = await manager.get(`directory/associations/${slug}/remove`);
      expect(asked.body).to.include('Языки мира');
      const removed = await manager.submit(`directory/associations/${slug}/remove`);
      expect(removed.body).to.include('Удалено');
      expect((await student.get(`directory/associations/${slug}`)).status).to.equal(404);
      expect((await cardOf(student, member)).teacher.associations).to.deep.equal([]);
      // An edit begun before still succeeds: what went is not clashing with it.
      const late = await manager.json('POST', `directory/teachers/${member}`, {
        version: 1,
        position: 'Дальше',
      });
      expect(late.status).to.equal(303);
    });

    it('titles are unique in any letter case and with ё as е, also under thirty concurrent requests', async () => {
      await makeAssociation(manager, { title: 'Учёт' });
      const again = await manager.submit('directory/associations', { title: 'УЧЕТ', description: 'моё' });
      expect(again.status).to.equal(409);
      expect(again.body).to.include('Такое название уже есть').and.include('моё');
      const replies = await Promise.all(
        Array.from({ length: 30 }, () => manager.json('POST', 'directory/associations', { title: 'Гонка' })),
      );
      expect(replies.filter(({ status }) => status === 303)).to.have.length(1);
      expect(replies.filter(({ status }) => status === 409)).to.have.length(29);
    });

    it('saving over a newer version is a 409 that keeps what was typed', async () => {
      const slug = await makeAssociation(manager, { title: 'Спорное' });
      await administrator.json('POST', `directory/associations/${slug}`, {
        version: 1,
        description: 'первое',
      });
      const page = await manager.submit(`directory/associations/${slug}`, {
        version: '1',
        title: 'Спорное',
        description: 'второе',
      });
      expect(page.status).to.equal(409);
      expect(page.body).to.include('второе').and.include('Сейчас сохранено: первое').and.include('value="2"');
    });

    it('a head must be an existing card', async () => {
      const reply = await manager.json('POST', 'directory/associations', {
        title: 'Без головы',
        head: 'nobody',
      });
      expect(reply.status).to.equal(400);
      expect((reply.data as { fields: object }).fields).to.have.all.keys('head');
    });
  });

  it('a removed card is gone, from associations that it headed as well', async () => {
    const slug = await makeCard(manager, { surname: 'Уходящий', visibility: 'public', consent: true });
    const association = await makeAssociation(manager, { title: 'Осиротевшее', head: slug });
    expect((await manager.get(`directory/teachers/${slug}/remove`)).body).to.include('Уходящий');
    const reply = await manager.submit(`directory/teachers/${slug}/remove`);
    expect(reply.body).to.include('Удалено').and.not.include('Уходящий');
    expect((await testApp.anonymous().get(`/teachers/${slug}`)).status).to.equal(404);
    const { values } = await dataOf<FormData>(manager, `directory/associations/${association}/edit`);
    expect(values.head).to.equal('');
    expect((await manager.json('POST', `directory/teachers/${slug}/remove`)).status).to.equal(404);
  });
});
