import { expect } from 'chai';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import writeWorkbook from 'write-excel-file/node';
import { POSTS } from '../../../src/features/directory/index.js';
import { guessMapping, headOf } from '../../../src/features/directory/import/fields.js';
import { readRows } from '../../../src/features/directory/import/rows.js';
import { readTable } from '../../../src/infra/tables/index.js';
import { newToken } from '../../../src/shared/ids.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';

const PAGE = '/admin/directory/import';
const NO_POSTS = { posts: new Map(), today: '2026-11-28' };

interface Draft {
  readonly columns: readonly { readonly heading: string; readonly field: string }[];
  readonly counts: { readonly made: number; readonly changed: number; readonly faultyLines: number };
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
  readonly record: {
    readonly state: string;
    readonly made: number;
    readonly changed: number;
    readonly written: number;
    readonly total: number;
    readonly keptByUndo: number;
    readonly keptTitles: readonly string[];
  };
}

/** Text in windows-1251, as Russian Excel saves CSV. */
const inWindows1251 = (text: string): Buffer =>
  Buffer.from(
    Array.from(text, (letter) => {
      if (letter === 'Ё') return 0xa8;
      if (letter === 'ё') return 0xb8;
      const code = letter.codePointAt(0)!;
      return code < 0x80 ? code : code - 0x410 + 0xc0;
    }),
  );

describe('directory: import of people and structure', function () {
  this.timeout(120_000);
  let testApp: AdminTestApp;
  let admin: AdminVisitor;

  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  const submit = (path: string, fields: Record<string, string> = {}) =>
    admin.post(path, fields, { page: PAGE });
  const recordOf = async (draft: string) => (await admin.data<Draft>(draft)).record;

  /** Uploads a table. @returns the address of its draft */
  async function upload(bytes: Buffer): Promise<string> {
    const form = new FormData();
    form.append('csrf', await admin.csrf(PAGE));
    form.append('file', new Blob([new Uint8Array(bytes)]), 'Преподаватели.csv');
    const body = new Response(form);
    const sent = await admin.browser.request(`${testApp.origin}${PAGE}`, {
      method: 'POST',
      from: testApp.origin,
      headers: { 'content-type': body.headers.get('content-type') ?? '' },
      body: new Uint8Array(await body.arrayBuffer()),
    });
    expect(sent.url, sent.text.slice(0, 500)).to.match(/\/import\/[a-z0-9]{12}$/);
    return new URL(sent.url).pathname;
  }

  async function imported(...lines: string[]): Promise<string> {
    const draft = await upload(Buffer.from(lines.join('\n')));
    await submit(`${draft}/apply`, { visibility: 'public', consent: '1' });
    return draft;
  }

  it('imports a table of Russian Excel, remembers the mapping, and undoes the last import', async () => {
    await submit('/admin/directory/teachers', {
      ...{ surname: 'Первая', givenName: 'Анна', visibility: 'public', consent: '1' },
      ...{ contactKind: 'email', contactValue: 'first@example.org', contactPurpose: 'any' },
      ...{ contactHours: '', contactVisibility: 'public' },
    });
    const table = [
      'Список преподавателей;;;;',
      'ФИО;Должность;Предметы;Объединение;Эл. адрес педагога;Отдел',
      'Первая Анна;Директор центра;;;first@example.org',
      'Новикова Инна Юрьевна;Педагог;Физика, Химия;Физики;inna@example.org;Отдел точных наук',
      ';Педагог;;;',
      'Ёжиков Пётр;Педагог;Физика;Физики;не почта',
    ].join('\r\n');
    const draft = await upload(inWindows1251(table));
    const first = await admin.data<Draft>(draft);
    expect(first.columns.map(({ field }) => field)).to.deep.equal([
      'fullName',
      'position',
      'subjects',
      'associations',
      '',
      'department',
    ]);
    const columns = ['fullName', 'position', 'subjects', 'associations', 'email', 'department'];
    const chosen = new URLSearchParams(columns.map((field): [string, string] => ['column', field]));
    chosen.append('csrf', await admin.csrf('/admin/directory/import'));
    await admin.browser.request(`${testApp.origin}${draft}/mapping`, {
      method: 'POST',
      body: chosen.toString(),
      from: testApp.origin,
    });
    const page = await admin.browser.request(`${testApp.origin}${draft}`);
    expect(page.text).to.match(/<th scope="col">Отдел<\/th>[^]*<td>Отдел точных наук<\/td>/);
    const mapped = await admin.data<Draft>(draft);
    expect(mapped.counts).to.deep.equal({ made: 1, changed: 1, faults: 2, faultyLines: 2 });
    expect(mapped.faults.map(({ line, fault }) => [line, fault])).to.deep.equal([
      [5, 'noName'],
      [6, 'contact'],
    ]);
    expect((await admin.get(draft)).text)
      .to.include('Строка 5')
      .and.include('нет имени');
    expect((await admin.get(`${draft}/faults?format=csv`)).text)
      .to.include('Строка;Столбец;Ошибка')
      .and.include('5;ФИО;нет имени')
      .and.include('6;Почта;не похоже на такой контакт: «не почта»');
    // A dry run: nothing is written yet.
    expect((await testApp.anonymous().get('/teachers?q=новикова')).body).to.include('Никто не найден');
    await submit(`${draft}/apply`, { visibility: 'public', consent: '1' });
    expect((await admin.data<Draft>(draft)).record).to.deep.include({ state: 'done', made: 1, changed: 1 });
    const card = await testApp.anonymous().get('/teachers/novikova-inna-yurevna');
    expect(card.body).to.include('Физика, Химия').and.include('Физики').and.include('inna@example.org');
    expect((await testApp.anonymous().get('/teachers/pervaya-anna')).body).to.include('Директор центра');
    const struct = await testApp.anonymous().get('/sveden/struct');
    expect(struct.body).to.include('Отдел точных наук');
    const exported = await admin.get('/admin/directory/export?format=csv');
    expect(exported.text).to.match(/Новикова.*Физики.*Отдел точных наук/);
    const again = await admin.data<Draft>(await upload(inWindows1251(table)));
    expect(again.columns[4]!.field, 'remembered by the head').to.equal('email');
    expect(again.counts).to.include({ made: 0, changed: 2 });
    await submit(`${draft}/undo`);
    expect((await testApp.anonymous().get('/teachers/novikova-inna-yurevna')).status).to.equal(404);
    expect((await testApp.anonymous().get('/teachers/pervaya-anna')).body).to.not.include('Директор центра');
    const file = await admin.get('/admin/directory/export?format=csv');
    expect(file.text).to.include('Фамилия').and.include('Первая').and.not.include('Физики');
    expect((await testApp.anonymous().get('/sveden/struct')).body).to.not.include('Отдел точных наук');
    expect((await testApp.anonymous().get('/associations')).body).to.not.include('Физики');
  });

  it('undo takes associations, heads and departments back, except those that something else uses since', async () => {
    const { organisation } = testApp.app.features.directory;
    await imported('ФИО;Руководит объединением', 'Прежний Пётр;Давнее');
    const draft = await imported(
      'ФИО;Объединение;Отдел;Руководит объединением',
      'Новый Иван;Хор;Отдел музыки;Оркестр',
      'Вторая Анна;Театр;Отдел сцены;Давнее',
    );
    const before = await organisation.listAssociations();
    expect(before.map(({ title }) => title)).to.deep.equal(['Давнее', 'Оркестр', 'Театр', 'Хор']);
    // Another card joins one of the associations, and a head is named for one of the departments.
    const theatre = before.find(({ title }) => title === 'Театр')!;
    await submit('/admin/directory/teachers', {
      ...{ surname: 'Третий', visibility: 'staff', associations: theatre.slug },
    });
    const [music] = await organisation.listDepartments();
    const head = await organisation.listTeachers();
    await organisation.saveUnit('department', music!.id, music!.version, {
      ...{ title: music!.title, members: music!.associationIds },
      headId: head.find(({ name }) => name.surname === 'Прежний')!.cardId,
    });
    await submit(`${draft}/undo`);
    const record = await recordOf(draft);
    expect(record).to.deep.include({ state: 'undone', keptByUndo: 0 });
    expect(record.keptTitles).to.have.members(['Театр', 'Отдел музыки']);
    expect((await admin.get(draft)).text).to.include(
      'Оставлены объединения, отделы и группы, которыми пользуются: ',
    );
    const left = await organisation.listAssociations();
    expect(left.map(({ title }) => title)).to.deep.equal(['Давнее', 'Театр']);
    const old = head.find(({ name }) => name.surname === 'Прежний')!;
    expect(left[0]!.headId, 'the head from before').to.equal(old.cardId);
    expect(
      (await organisation.listDepartments()).map((unit) => [unit.title, unit.associationIds]),
    ).to.deep.equal([['Отдел музыки', []]]);
    const again = await submit(`${draft}/undo`);
    expect(again.status, 'undone once').to.equal(409);
  });

  it('undo keeps what is needed since: an association with questions and its head, cards with materials or a person', async () => {
    const { organisation } = testApp.app.features.directory;
    await imported('ФИО', 'Стоялов Пётр');
    const draft = await imported(
      'ФИО;Объединение;Отдел;Руководит объединением',
      'Стоялов Пётр;Ансамбль;;',
      'Главнов Пётр;;Отдел ансамблей;Ансамбль',
      'Рядовой Иван;Ансамбль;;',
      'Хранилов Павел;Лишнее;;',
      'Узнанов Олег;Лишнее;;',
      'Уходов Семён;Пустое;;',
    );
    const ensemble = (await organisation.listAssociations()).find(({ title }) => title === 'Ансамбль')!;
    const student = await testApp.launch({ person: '103', course: '2' });
    const asked = await student.submit('questions/new', {
      ...{ to: `association:${ensemble.id}`, text: 'Когда репетиция?', key: newToken() },
    });
    expect(asked.url).to.match(/questions\/[0-9a-f]{24}/);
    const added = await submit('/admin/directory/teachers/khranilov-pavel/materials', {
      ...{ title: 'Ноты', kind: 'text', text: 'до ре ми', audience: 'public' },
    });
    expect(added.url).to.include('materials/noty');
    await testApp.storage.connection
      .model('DirectoryCard')
      .updateOne({ slug: 'uznanov-oleg' }, { $addToSet: { personIds: 'x' } });
    await submit(`${draft}/undo`);
    expect(await recordOf(draft)).to.deep.include({ state: 'undone', keptByUndo: 3 });
    expect((await recordOf(draft)).keptTitles).to.have.members(['Ансамбль', 'Отдел ансамблей', 'Лишнее']);
    const teachers = await organisation.listTeachers();
    const inEnsemble = teachers.filter(({ associationIds }) => associationIds.includes(ensemble.id));
    expect(inEnsemble.map(({ slug }) => slug)).to.have.members(['stoyalov-petr', 'glavnov-petr']);
    const slugs = teachers.map(({ slug }) => slug);
    expect(slugs).to.include('khranilov-pavel').and.include('uznanov-oleg');
    expect(slugs).to.not.include('ryadovoy-ivan').and.not.include('ukhodov-semen');
    const left = (await organisation.listAssociations()).find(({ id }) => id === ensemble.id);
    expect(left?.headId).to.equal(teachers.find(({ slug }) => slug === 'glavnov-petr')?.cardId);
    expect((await testApp.anonymous().get('/materials/noty')).body).to.include('до ре ми');
    expect((await admin.get(draft)).text).to.include(
      'Оставлены объединения, отделы и группы, которыми пользуются: ',
    );
  });

  it('what was exported is known by its headings, and imported again changes nothing', async () => {
    await imported(
      'ФИО;Объединение;Отдел;Телефон;Почта;Работает с;Предметы;Специальность',
      'Круглова Ольга Ильинична;Лепка;Отдел искусств;8 (900) 123-45-67;kruglova@example.org;01.09.2010;Лепка, рисунок;ИЗО',
      'Круглов Олег;Лепка;Отдел искусств;;;2015;;',
    );
    await imported('ФИО;Объединение;Отдел', 'Круглова Ольга Ильинична;Шахматы;Отдел спорта');
    const { organisation } = testApp.app.features.directory;
    const units = async () =>
      (await organisation.listDepartments()).map(({ title, associationIds }) => [title, ...associationIds]);
    const before = await units();
    const file = await admin.get('/admin/directory/export?format=csv');
    expect(file.text).to.match(/Отдел искусств; Отдел спорта/);
    const draft = await upload(Buffer.from(file.text));
    const { columns, counts, faults } = await admin.data<Draft>(draft);
    expect(columns.filter(({ field }) => field === '')).to.deep.equal([]);
    expect([counts.made, faults]).to.deep.equal([0, []]);
    await submit(`${draft}/apply`, { visibility: 'staff' });
    expect(await recordOf(draft)).to.deep.include({ state: 'done', made: 0, changed: 0 });
    expect(await units()).to.deep.equal(before);
  });

  it('posts with their department and days are imported, exported alike, and undone', async () => {
    const { organisation } = testApp.app.features.directory;
    await organisation.setTitle('deputyStudy', 'Заместитель по учёбе');
    await imported(
      'ФИО;Руководящая должность;В должности с;Руководит отделом',
      'Постов Пётр;Заместитель по учёбе;1.9.2020;',
      'Прежнев Павел;;;Отдел постов',
    );
    /** Who holds a post, from when to when, and who heads the department. */
    const held = async () => {
      const terms = await Promise.all(
        POSTS.map(async (post) =>
          [...(await organisation.holdersOf([post])), ...(await organisation.comingHoldersOf(post))].map(
            ({ name, since, until }) => `${post} ${name.givenName} ${since}..${until}`,
          ),
        ),
      );
      const [unit] = (await organisation.listDepartments()).filter(({ title }) => title === 'Отдел постов');
      const head = (await organisation.listTeachers()).find(({ cardId }) => cardId === unit?.headId);
      return [...terms.flat(), head?.name.givenName];
    };
    const before = ['deputyStudy Пётр 2020-09-01..', 'Павел'];
    expect(await held()).to.deep.equal(before);
    const draft = await imported(
      'ФИО;Руководящая должность;Отдел;В должности с;В должности по',
      'Постов Пётр;заместитель по учебе;;;31.08.2098',
      'Постов Иван;Заведующий отделом;Отдел постов;;',
      'Постов Семён;"Deputy director for methodology; Заместитель по учёбе";;"2097; 2024-09-01";',
    );
    const after = [
      'deputyStudy Пётр 2020-09-01..2098-08-31',
      'deputyStudy Семён 2024-09-01..',
      'deputyMethod Семён 2097-09-01..',
      'departmentHead Иван ..',
      'Иван',
    ];
    expect(await held()).to.deep.equal(after);
    const { text } = await admin.get('/admin/directory/export?format=csv');
    expect(text)
      .to.include('"Заместитель по учёбе; Заместитель директора по научно-методической работе"')
      .and.include('"2024-09-01; 2097-09-01"');
    const again = await upload(Buffer.from(text));
    expect((await admin.data<Draft>(again)).faults).to.deep.equal([]);
    await submit(`${again}/apply`, { visibility: 'staff' });
    expect(await recordOf(again)).to.deep.include({ state: 'done', made: 0, changed: 0 });
    expect(await held()).to.deep.equal(after);
    // An import that changed nothing has nothing to undo; the one before it is no longer the last.
    expect((await submit(`${draft}/undo`)).status).to.equal(409);
    await organisation.setTitle('deputyStudy', '');
  });

  it('undo of posts gives back the terms and the head of the department from before', async () => {
    const { organisation } = testApp.app.features.directory;
    await imported('ФИО;Руководящая должность;В должности с', 'Сроков Олег;Директор;2021');
    await imported('ФИО;Руководит отделом', 'Сроков Олег;Отдел сроков');
    const draft = await imported(
      'ФИО;Руководящая должность;В должности по;Руководит отделом',
      'Сроков Олег;Директор;31.12.2098;',
      'Сроков Юрий;Директор;;Отдел сроков',
      'Сроков Юлий;;;Новый отдел сроков',
    );
    const directors = async () =>
      (await organisation.holdersOf(['director']))
        .filter(({ name }) => name.surname === 'Сроков')
        .map(({ name, since, until }) => [name.givenName, since, until]);
    const heads = async () => {
      const names = new Map(
        (await organisation.listTeachers()).map(({ cardId, name }) => [cardId, name.givenName]),
      );
      return (await organisation.listDepartments())
        .filter(({ title }) => title.includes('сроков'))
        .map(({ title, headId }) => [title, names.get(headId)]);
    };
    expect(await directors()).to.deep.equal([
      ['Олег', '2021-09-01', '2098-12-31'],
      ['Юрий', '', ''],
    ]);
    expect(await heads()).to.deep.equal([
      ['Новый отдел сроков', 'Юлий'],
      ['Отдел сроков', 'Юрий'],
    ]);
    await submit(`${draft}/undo`);
    expect(await recordOf(draft)).to.deep.include({ state: 'undone', keptByUndo: 0, keptTitles: [] });
    expect(await directors()).to.deep.equal([['Олег', '2021-09-01', '']]);
    expect(await heads()).to.deep.equal([['Отдел сроков', 'Олег']]);
  });

  it('groups are imported with their association, programme and teachers, exported alike, and undone', async () => {
    await imported('ФИО;Объединение;Группы', 'Группин Олег;Гребля;Старшие');
    const groupsOf = async (title: string): Promise<string[]> => {
      const { associations } = await admin.data<{
        associations: { title: string; slug: string }[];
      }>('/admin/directory/associations');
      const slug = associations.find((association) => association.title === title)?.slug ?? '';
      const { groups } = await admin.data<{
        groups: { title: string; programme: string; teachers: { name: string }[] }[];
      }>(`/admin/directory/associations/${slug}`);
      return groups.map(
        (group) =>
          `${group.title}, ${group.programme}, ${group.teachers.map(({ name }) => name).join(' и ')}`,
      );
    };
    const draft = await imported(
      'ФИО;Объединение;Группы;Программы групп',
      'Группин Олег;;Гребля / Младшие;Первый год',
      'Группина Анна;Гребля;Старшие; Второй год',
      ';Парус;"Юнги; Матросы";"; Море"',
    );
    const after = ['Младшие, Первый год, Группин О.', 'Старшие, Второй год, Группин О. и Группина А.'];
    expect(await groupsOf('Гребля')).to.deep.equal(after);
    expect(await groupsOf('Парус')).to.deep.equal(['Матросы, Море, ', 'Юнги, , ']);
    expect(await recordOf(draft)).to.deep.include({ made: 1, changed: 0 });
    const { text } = await admin.get('/admin/directory/export?format=csv');
    await submit(`${draft}/undo`);
    expect(await recordOf(draft)).to.deep.include({ state: 'undone', keptByUndo: 0, keptTitles: [] });
    expect(await groupsOf('Гребля')).to.deep.equal(['Старшие, , Группин О.']);
    expect((await admin.get('/admin/directory/associations')).text).to.not.include('Парус');
    const again = await upload(Buffer.from(text));
    const { faults, counts } = await admin.data<Draft>(again);
    expect([faults, counts.made]).to.deep.equal([[], 1]);
    expect((await admin.get(again)).text).to.include('<td>без карточки</td>');
    await submit(`${again}/apply`, { visibility: 'public', consent: '1' });
    expect(await groupsOf('Гребля')).to.deep.equal(after);
    expect(await groupsOf('Парус')).to.deep.equal(['Матросы, Море, ', 'Юнги, , ']);
    const unclear = await upload(
      Buffer.from('ФИО;Группы;Программы групп\nБезымянов Пётр;Первая;\nЕё Анна;;Х'),
    );
    expect((await admin.data<Draft>(unclear)).faults.map(({ fault }) => fault)).to.deep.equal([
      'noAssociation',
      'noGroup',
    ]);
  });

  it('a line with a post or a day that is none is told, and left out', async () => {
    const draft = await upload(
      Buffer.from(
        [
          'ФИО;Руководящая должность;В должности с;В должности по',
          'Неверов Пётр;Главный волшебник;;',
          'Неверов Иван;Директор;когда-то;',
          'Неверов Олег;;01.09.2020;',
          'Неверов Юрий;Директор;;01.09.2020',
          'Неверов Семён;Директор;01.09.2090;01.09.2089',
        ].join('\n'),
      ),
    );
    const { faults, counts } = await admin.data<Draft>(draft);
    expect(faults.map(({ line, fault }) => [line, fault])).to.deep.equal([
      [2, 'post'],
      [3, 'date'],
      [4, 'noPost'],
      [5, 'ended'],
      [6, 'ended'],
    ]);
    expect(counts.made).to.equal(0);
    expect((await admin.get(draft)).text).to.include('такой руководящей должности нет: «Главный волшебник»');
  });

  it('namesakes with addresses of their own are two people, whichever of them has a card', async () => {
    const namesOf = async (q: string) =>
      (
        await admin.data<{ teachers: { slug: string }[] }>(
          `/admin/directory/teachers?q=${encodeURIComponent(q)}`,
        )
      ).teachers.map(({ slug }) => slug);
    await imported('ФИО;Почта', 'Тёзкин Иван;tezkin1@example.org');
    const draft = await imported(
      'ФИО;Почта;Должность',
      'Тёзкин Иван;tezkin2@example.org;Второй',
      'Тёзкин Иван;tezkin1@example.org;Первый',
      'Тёзкин Иван;tezkin3@example.org;Третий',
    );
    expect(await recordOf(draft)).to.deep.include({ made: 2, changed: 1 });
    expect(await namesOf('тёзкин')).to.have.members(['tezkin-ivan', 'tezkin-ivan-2', 'tezkin-ivan-3']);
    // A line that fits all of them is told, and left out.
    const unclear = await upload(Buffer.from('ФИО;Должность\nТёзкин Иван;Никакой\n'));
    expect((await admin.data<Draft>(unclear)).faults.map(({ fault }) => fault)).to.deep.equal(['ambiguous']);
    await submit(`${unclear}/apply`, { visibility: 'staff' });
    expect(await recordOf(unclear)).to.deep.include({ state: 'done', made: 0, changed: 0 });
  });

  it('a terminal is told what an import would do, and nothing is written', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'nastavnik-')), 'people.csv');
    await writeFile(path, 'ФИО;Почта\nНевидимый Олег;oleg@example.org\nСтранный Пётр;нет почты\n');
    const { people, faults } = await testApp.app.features.directory.imports.readFile(path);
    expect(people.map(({ line, name }) => [line, name.surname])).to.deep.equal([[2, 'Невидимый']]);
    expect(faults.map(({ line, fault }) => [line, fault])).to.deep.equal([[3, 'contact']]);
    expect((await admin.get('/admin/directory/teachers?q=невидимый')).text).to.include('Никто не найден');
  });

  it('over 200 lines are written and undone in the background, from where an earlier run was cut short', async () => {
    const lines = Array.from({ length: 201 }, (_, index) => `Номер${1000 + index} Анна;Большое`);
    const draft = await upload(Buffer.from(['ФИО;Объединение', ...lines].join('\n')));
    const key = draft.split('/').at(-1)!;
    await testApp.storage.connection.model('DirectoryImport').updateOne({ key }, { $set: { written: 199 } });
    const begun = await submit(`${draft}/apply`, { visibility: 'public', consent: '1' });
    expect(begun.url, 'it is not said to be done yet').to.not.include('done=');
    await testApp.app.jobs.drain();
    expect(await recordOf(draft)).to.deep.include({ state: 'done', made: 2, written: 201, total: 201 });
    expect((await admin.get(draft)).text).to.include('Отменить загрузку');
    const undoing = await submit(`${draft}/undo`);
    expect(undoing.url, 'it is not said to be done yet').to.not.include('done=');
    await testApp.app.jobs.drain();
    expect(await recordOf(draft)).to.deep.include({ state: 'undone', keptByUndo: 0, keptTitles: [] });
    expect((await testApp.anonymous().get('/teachers?q=номер')).body).to.include('Никто не найден');
    const jobs = testApp.storage.connection.model('Job').find({ name: 'import-people' });
    expect((await jobs.lean<{ key: string }[]>()).map((job) => job.key)).to.have.members([
      key,
      `${key}.undo`,
    ]);
  });

  it('reads a workbook whose head has merged cells', async () => {
    const text = (value: string) => ({ type: String, value });
    const bytes = await writeWorkbook([
      [{ ...text('Список педагогов центра'), columnSpan: 5 }, null, null, null, null],
      [
        { ...text('ФИО'), rowSpan: 2 },
        { ...text('Должность'), rowSpan: 2 },
        { ...text('Связь'), columnSpan: 3 },
        null,
        null,
      ],
      [null, null, text('Телефон'), text('Почта'), text('Сайт')],
      [
        text('Сводова Ольга Ильинична'),
        text('Педагог'),
        text('8 900 123-45-67'),
        text('svod@example.org'),
        null,
      ],
    ]).toBuffer();
    const { rows: table } = await readTable(bytes);
    const head = headOf(table);
    expect(guessMapping(head)).to.deep.equal(['fullName', 'position', 'telephone', 'email', 'site']);
    const { people, faults } = readRows(table, head, guessMapping(head), NO_POSTS);
    expect(faults).to.deep.equal([]);
    expect(
      people.map(({ line, name, texts, contacts }) => [line, name.surname, texts.position, contacts.length]),
    ).to.deep.equal([[4, 'Сводова', 'Педагог', 2]]);
  });

  it('reads 20,000 lines with an error in every tenth line, and says which', async () => {
    const lines = Array.from({ length: 19_999 }, (_, index) =>
      index % 10 === 9 ? `Фамилия${index};почта` : `Фамилия${index};p${index}@example.org`,
    );
    const { rows: table } = await readTable(Buffer.from(['ФИО;Почта', ...lines].join('\n')));
    const head = headOf(table);
    const { people, faults } = readRows(table, head, guessMapping(head), NO_POSTS);
    expect([people.length, faults.length]).to.deep.equal([18_000, 1_999]);
    expect(faults[0]).to.deep.equal({ line: 11, field: 'email', fault: 'contact', value: 'почта' });
  });
});
