import { expect } from 'chai';
import { detailsOf } from '../../../src/features/directory/index.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { launchAs, makeAssociation, makeCard } from './support.js';

/** A marked element with the marked elements inside it, whatever stands between them. */
interface Marked {
  readonly name: string;
  text: string;
  readonly inside: Marked[];
}

/** Reads microdata as the methodical recommendations do: a property belongs to its nearest marked ancestor. */
function markedIn(html: string): Marked[] {
  const roots: Marked[] = [];
  const open: { tag: string; marked: Marked | null }[] = [];
  const nearest = (): Marked | null => open.findLast(({ marked }) => marked !== null)?.marked ?? null;
  for (const [, close, tag = '', attributes = '', text] of html.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>|([^<>]+)/gi,
  )) {
    if (text !== undefined) {
      for (const { marked } of open) if (marked !== null) marked.text += text;
    } else if (close === '/') {
      const at = open.findLastIndex((element) => element.tag === tag);
      if (at !== -1) open.splice(at);
    } else if (!/^(?:input|link|meta|img|br)$/.test(tag)) {
      const name = /\sitemprop="([^"]+)"/.exec(attributes)?.[1];
      const marked = name === undefined ? null : { name, text: '', inside: [] };
      if (marked !== null) (nearest()?.inside ?? roots).push(marked);
      open.push({ tag, marked });
    }
  }
  return roots;
}

const valuesOf = (marked: Marked): Record<string, string> =>
  Object.fromEntries(marked.inside.map(({ name, text }) => [name, text.replace(/\s+/g, ' ').trim()]));

describe('directory: pages of the law', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let manager: Visitor;
  let open: Visitor;
  /** The pages before there is anybody. */
  const empty = { employees: '', managers: '', struct: '' };

  before(async () => {
    testApp = await startTestApp();
    manager = await launchAs(testApp, 'methodist', '3');
    open = testApp.anonymous();
    for (const path of ['employees', 'managers', 'struct'] as const)
      empty[path] = (await open.get(`/sveden/${path}`)).body;
    const shown = { visibility: 'public', consent: true };
    const head = await makeCard(manager, {
      ...shown,
      surname: 'Иванова',
      givenName: 'Мария',
      patronymic: 'Петровна',
      position: 'Педагог',
      subjects: ['Алгебра', 'Геометрия'],
      education: [{ level: 'specialist', speciality: 'Математика', qualification: 'учитель математики' }],
      degree: 'кандидат наук',
      training: [{ title: 'Курс', place: 'ИРО', finishedOn: '2026-03-14' }],
      experienceSince: '2001-09-01',
      programmes: ['Математика 7–9'],
      contacts: [{ kind: 'email', value: 'ivanova@example.org', visibility: 'public' }],
    });
    await makeCard(manager, { ...shown, surname: 'Пустов', subjects: ['Физика'] });
    await makeCard(manager, { surname: 'Скрытый', subjects: ['Химия'] });
    await makeCard(manager, {
      ...shown,
      surname: 'Директоров',
      responsible: ['director'],
      contacts: [
        { kind: 'telephone', value: '+7 900 111-22-33', visibility: 'public' },
        { kind: 'email', value: 'director@example.org', visibility: 'staff' },
      ],
    });
    await makeCard(manager, { ...shown, surname: 'Заместителева', responsible: ['deputyStudy'] });
    await makeAssociation(manager, { title: 'Математики', head });
    await testApp.app.features.directory.site.change({ postalAddress: 'г. Примерный, ул. Учебная, 1' });
  });
  after(() => testApp.close());

  const PROPERTIES = [
    'fio',
    'post',
    'teachingDiscipline',
    'teachingLevel',
    'degree',
    'academStat',
    'qualification',
    'profDevelopment',
    'specExperience',
    'teachingOp',
  ];

  for (const [title, query] of [
    ['page', ''],
    ['fragment', '?fragment=1'],
  ] as const) {
    it(`/sveden/employees as a ${title} marks every property of every public teacher, «отсутствует» where there is nothing`, async () => {
      const { status, body } = await open.get(`/sveden/employees${query}`);
      expect(status).to.equal(200);
      const staff = markedIn(body).filter(({ name }) => name === 'teachingStaff');
      expect(staff).to.have.length(2);
      for (const person of staff) expect(person.inside.map(({ name }) => name)).to.deep.equal(PROPERTIES);
      const [ivanova, pustov] = staff.map(valuesOf);
      expect(ivanova).to.deep.include({
        fio: 'Иванова Мария Петровна',
        post: 'Педагог',
        teachingDiscipline: 'Алгебра; Геометрия',
        teachingLevel: 'Высшее, специалитет: Математика; учитель математики',
        degree: 'кандидат наук',
        academStat: 'отсутствует',
        qualification: 'Курс, ИРО, 14.03.2026',
        profDevelopment: 'отсутствует',
        teachingOp: 'Математика 7–9',
      });
      expect(ivanova!.specExperience).to.match(/^2\d (?:год|года|лет)$/);
      expect(pustov).to.deep.include({ fio: 'Пустов', degree: 'отсутствует', teachingLevel: 'отсутствует' });
      expect(body).to.not.include('Скрытый');
      expect(body.includes('<html')).to.equal(query === '');
    });
  }

  it('/sveden/employees is given per programme', async () => {
    const { body } = await open.get(`/sveden/employees?programme=${encodeURIComponent('Математика 7–9')}`);
    const staff = markedIn(body).filter(({ name }) => name === 'teachingStaff');
    expect(staff.map((person) => valuesOf(person).fio)).to.deep.equal(['Иванова Мария Петровна']);
  });

  it('/sveden/employees has 30 on a page, and all on one page and in the fragment', async () => {
    const { upsertCard } = testApp.app.features.directory;
    for (let number = 0; number < 31; number += 1)
      await upsertCard(
        {
          name: { surname: `Яковлев${number}`, givenName: 'Пётр', patronymic: '' },
          ...{ position: '', subjects: ['Музыка'], posts: [], personIds: [], associationIds: [] },
          ...{ visibility: 'public', consent: true },
          details: detailsOf(() => ({ value: '', visibility: 'staff' as const })),
        },
        { personId: '', name: '' },
      );
    const counted = async (query: string): Promise<number> =>
      markedIn((await open.get(`/sveden/employees${query}`)).body).filter(
        ({ name }) => name === 'teachingStaff',
      ).length;
    expect(await counted('')).to.equal(30);
    expect(await counted('?page=2')).to.equal(3);
    expect(await counted('?page=all')).to.equal(33);
    expect(await counted('?fragment=1')).to.equal(33);
    expect((await open.get('/sveden/employees?page=3')).status).to.equal(404);
    expect((await open.get('/sveden/employees')).body).to.include(
      '<a itemprop="addRef" href="/sveden/employees?page=all">',
    );
  });

  it('/sveden/managers marks the head and the deputies, with contacts that everybody may see', async () => {
    const marked = markedIn((await open.get('/sveden/managers')).body);
    const head = marked.find(({ name }) => name === 'rucovodstvo')!;
    expect(valuesOf(head)).to.deep.equal({
      fio: 'Директоров',
      post: 'Директор',
      telephone: '+7 900 111-22-33',
      email: 'отсутствует',
    });
    const deputies = marked.filter(({ name }) => name === 'rucovodstvoZam').map(valuesOf);
    expect(deputies.map(({ fio }) => fio)).to.deep.equal(['Заместителева']);
    const branches = marked.filter(({ name }) => name === 'rucovodstvoFil');
    expect(branches.map(({ text }) => text)).to.deep.equal(['отсутствует']);
  });

  it('/sveden says «отсутствует» in each property where a centre has nobody and nothing yet', () => {
    for (const [path, name, properties] of [
      ['employees', 'teachingStaff', PROPERTIES],
      ['managers', 'rucovodstvo', ['fio', 'post', 'telephone', 'email']],
      ['managers', 'rucovodstvoZam', ['fio', 'post', 'telephone', 'email']],
      ['struct', 'filInfo', []],
      ['struct', 'repInfo', []],
    ] as const) {
      const [found, ...others] = markedIn(empty[path]).filter((marked) => marked.name === name);
      expect(others, name).to.deep.equal([]);
      expect(valuesOf(found!)).to.deep.equal(
        Object.fromEntries(properties.map((property) => [property, 'отсутствует'])),
      );
      expect(found!.text).to.include('отсутствует');
    }
  });

  it('/sveden/struct marks the associations with their heads', async () => {
    const [division] = markedIn((await open.get('/sveden/struct')).body)
      .filter(({ name }) => name === 'structOrgUprav')
      .map(valuesOf);
    expect(division).to.deep.equal({
      name: 'Математики',
      fio: 'Иванова Мария Петровна',
      post: 'Руководитель объединения',
      addressStr: 'г. Примерный, ул. Учебная, 1',
      site: 'отсутствует',
      email: 'ivanova@example.org',
      divisionClauseDocLink: 'отсутствует',
    });
  });

  it('branches and offices that the centre has entered are marked, with heads whose cards everybody may see', async () => {
    const { organisation } = testApp.app.features.directory;
    const cards = await organisation.listTeachers();
    const idOf = (surname: string) => cards.find(({ name }) => name.surname === surname)!.cardId;
    const details = {
      ...{ post: 'Директор филиала', addressLine: 'г. Второй, ул. Новая, 2', telephone: '+79001112244' },
      ...{ emailAddress: 'branch@example.org', site: 'https://branch.example.org/', document: '' },
    };
    const made = [
      await organisation.saveUnit('branch', null, 0, {
        ...{ title: 'Филиал в Заречье', headId: idOf('Заместителева'), members: [], details },
      }),
      await organisation.saveUnit('office', null, 0, {
        ...{ title: 'Представительство', headId: idOf('Скрытый'), members: [] },
      }),
    ];
    for (const query of ['', '?fragment=1']) {
      const struct = markedIn((await open.get(`/sveden/struct${query}`)).body);
      const [branch, ...others] = struct.filter(({ name }) => name === 'filInfo').map(valuesOf);
      expect(others).to.deep.equal([]);
      expect(branch).to.deep.equal({
        nameFil: 'Филиал в Заречье',
        fioFil: 'Заместителева',
        postFil: 'Директор филиала',
        addressFil: 'г. Второй, ул. Новая, 2',
        emailFil: 'branch@example.org',
        websiteFil: 'https://branch.example.org/',
        divisionClauseDocLink: 'отсутствует',
      });
      const office = struct.filter(({ name }) => name === 'repInfo').map(valuesOf);
      expect(office).to.have.length(1);
      expect(office[0]).to.deep.include({ nameRep: 'Представительство', fioRep: 'отсутствует' });
      const managers = markedIn((await open.get(`/sveden/managers${query}`)).body);
      expect(managers.filter(({ name }) => name === 'rucovodstvoFil').map(valuesOf)).to.deep.equal([
        {
          nameFil: 'Филиал в Заречье',
          fio: 'Заместителева',
          post: 'Директор филиала',
          telephone: '+7 900 111-22-44',
          email: 'branch@example.org',
        },
      ]);
    }
    for (const { kind, id } of made) await organisation.removeUnit(kind, id);
  });

  it('the pages are Russian by law: they offer no other language, to readers and to search engines', async () => {
    for (const path of ['/sveden', '/sveden/employees', '/sveden/employees?hl=en']) {
      const { body } = await open.get(path);
      expect(body, path).to.include('<html lang="ru"').and.include('hreflang="ru"');
      expect(body, path).to.not.match(/English|hreflang="en"|rel="canonical" href="[^"]*hl=/);
    }
    expect((await open.get('/teachers')).body)
      .to.include('English')
      .and.include('hreflang="en"');
  });

  it('the fragment may be fetched by any site', async () => {
    const fragment = await open.get('/sveden/struct?fragment=1');
    expect(fragment.headers.get('access-control-allow-origin')).to.equal('*');
    expect((await open.get('/sveden/struct')).headers.get('access-control-allow-origin')).to.equal(null);
  });
});
