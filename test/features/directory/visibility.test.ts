import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { allKinds, dataOf, FIELDS, launchAs, makeAssociation, makeCard, TRACE, VALUES } from './support.js';

const VISIBILITIES = ['public', 'students', 'staff'] as const;
type Visibility = (typeof VISIBILITIES)[number];
const rank = (visibility: Visibility): number => VISIBILITIES.indexOf(visibility);

/** How far each reader sees: the public to 0, students to 1, staff to 2. */
interface Reader {
  readonly title: string;
  readonly sees: number;
  /** The address of the directory for them. */
  readonly base: string;
  visitor(): Visitor;
}

describe('directory: every field × visibility × reader', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  const visitors = new Map<string, Visitor>();
  /** `card visibility|field visibility` → slug. */
  const slugs = new Map<string, string>();

  const readers: readonly Reader[] = [
    ['somebody on the web', 0, ''],
    ['student', 1, 'directory'],
    ['assistant', 2, 'directory'],
    ['teacher', 2, 'directory'],
    ['methodist', 2, 'directory'],
    ['administrator', 2, 'directory'],
  ].map(([title, sees, base]) => ({
    title: title as string,
    sees: sees as number,
    base: base as string,
    visitor: () => visitors.get(title as string)!,
  }));

  before(async () => {
    testApp = await startTestApp();
    await allKinds(testApp);
    visitors.set('somebody on the web', testApp.anonymous());
    for (const [role, person] of [
      ['student', '101'],
      ['assistant', '4'],
      ['teacher', '11'],
      ['methodist', '3'],
      ['administrator', '2'],
    ] as const) {
      visitors.set(role, await launchAs(testApp, role, person));
    }
    const manager = visitors.get('methodist')!;
    const association = await makeAssociation(manager, { title: 'Матрица' });
    for (const ofCard of VISIBILITIES) {
      for (const ofFields of VISIBILITIES) {
        const slug = await makeCard(manager, {
          surname: `Карточка-${ofCard}-${ofFields}`,
          givenName: 'Проба',
          subjects: [`Предмет-${ofCard}-${ofFields}`],
          associations: [association],
          responsible: ['departmentHead'],
          visibility: ofCard,
          ...VALUES,
          ...Object.fromEntries(FIELDS.map((field) => [`${field}Visibility`, ofFields])),
          consent: true,
        });
        slugs.set(`${ofCard}|${ofFields}`, slug);
      }
    }
  });
  after(() => testApp.close());

  for (const reader of readers) {
    for (const ofCard of VISIBILITIES) {
      for (const ofFields of VISIBILITIES) {
        const seesCard = rank(ofCard) <= reader.sees;
        const seesFields = seesCard && rank(ofFields) <= reader.sees;
        it(`${reader.title}: card for ${ofCard}, fields for ${ofFields}: ${seesFields ? 'all' : seesCard ? 'the name' : 'nothing'}`, async () => {
          const visitor = reader.visitor();
          const path = `${reader.base}/teachers/${slugs.get(`${ofCard}|${ofFields}`)!}`;
          const page = await visitor.get(path);
          const json = await visitor.json('GET', path);
          expect(page.status).to.equal(seesCard ? 200 : 404);
          expect(json.status).to.equal(seesCard ? 200 : 404);
          for (const text of [page.body, JSON.stringify(json.data)]) {
            expect(text.includes('Проба')).to.equal(seesCard);
            for (const field of FIELDS) expect(TRACE[field].test(text), field).to.equal(seesFields);
          }
        });
      }
    }

    it(`${reader.title}: lists, searches, counts and responsible persons hold what they may see, and no more`, async () => {
      const visitor = reader.visitor();
      const visible = VISIBILITIES.filter((visibility) => rank(visibility) <= reader.sees);
      const cards = visible.length * VISIBILITIES.length;
      for (const path of [
        '/teachers',
        '/teachers?q=проба',
        '/teachers?association=matritsa',
        '/associations/matritsa',
        '/responsible',
      ]) {
        const page = await visitor.get(`${reader.base}${path}`);
        const data = await dataOf<{ total?: number; persons?: { contacts: unknown[] }[] }>(
          visitor,
          `${reader.base}${path}`,
        );
        expect(page.status, path).to.equal(200);
        for (const text of [page.body, JSON.stringify(data)]) {
          for (const visibility of VISIBILITIES) {
            const found = text.includes(`Карточка-${visibility}-`);
            expect(found, `${path} ${visibility}`).to.equal(visible.includes(visibility));
          }
          // No list gives contacts, and responsible persons only those that the reader may see.
          if (path !== '/responsible') for (const field of FIELDS) expect(text).to.not.match(TRACE[field]);
        }
        const { total, persons } = data;
        if (path === '/responsible') {
          const contacts = persons!.reduce((sum, person) => sum + person.contacts.length, 0);
          expect(contacts).to.equal(visible.length * visible.length * 8);
        } else {
          expect(total, path).to.equal(cards);
        }
      }
      const { associations } = await dataOf<{ associations: { count: number }[] }>(
        visitor,
        `${reader.base}/associations`,
      );
      expect(associations[0]!.count).to.equal(cards);
      // A search by what is hidden finds nobody.
      const hidden = await dataOf<{ total: number }>(visitor, `${reader.base}/teachers?q=trace`);
      expect(hidden.total).to.equal(0);
    });
  }

  it('a head whom the reader may not see heads nothing that they can see', async () => {
    const manager = visitors.get('methodist')!;
    const head = await makeCard(manager, { surname: 'Тайный', givenName: 'Глава' });
    const slug = await makeAssociation(manager, { title: 'Закрытая', head });
    const open = testApp.anonymous();
    for (const path of ['/associations', `/associations/${slug}`, '/responsible']) {
      expect((await open.get(path)).body, path).to.not.match(/Тайный|taynyy/);
      expect(JSON.stringify((await open.json('GET', path)).data), path).to.not.match(/Тайный|taynyy/);
    }
    expect((await manager.get('directory/associations')).body).to.include('Тайный');
    expect((await manager.get('directory/responsible')).body).to.include('Тайный');
  });

  it('the open pages show nothing more to a browser that has a session', async () => {
    const slug = slugs.get('staff|staff')!;
    const page = await visitors.get('administrator')!.get(`/teachers/${slug}`);
    expect(page.status).to.equal(404);
    const open = await visitors.get('administrator')!.get('/teachers');
    expect(open.body).to.not.match(/directory\/mine|new-teacher|Карточка-staff/);
  });
});
