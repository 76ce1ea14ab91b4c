import { expect } from 'chai';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../src/shared/clock.js';
import { openStorage } from '../../src/storage/index.js';
import { newFolder, run, type Ended } from './run.js';

interface Card {
  readonly name: { readonly surname: string };
  readonly visibility: string;
  readonly posts: readonly string[];
  readonly postTerms?: readonly unknown[];
}

/** Lines with errors among more lines than are written at once. */
const TABLE = [
  'ФИО;Должность;Почта;Руководящая должность;В должности с',
  'Главнов Пётр;Педагог;head@example.org;Director;01.09.2020',
  ...Array.from({ length: 200 }, (_, index) => `Номеров${index} Анна;Педагог;n${index}@example.org`),
  'Ошибкин Пётр;Педагог;нет почты',
  ';Педагог;',
].join('\r\n');

/** `npm run import-people`, as a process. */
describe('npm run import-people', function () {
  this.timeout(120_000);
  let folder: string;
  let file: string;

  before(async () => {
    folder = await newFolder();
    file = path.join(folder, 'people.csv');
    await writeFile(file, TABLE);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const importPeople = (...args: string[]): Promise<Ended> =>
    run('scripts/import-people.ts', args, { DATABASE_URL: `file:${path.join(folder, 'nastavnik.db')}` });

  async function cards(): Promise<Card[]> {
    const storage = await openStorage({
      url: `file:${path.join(folder, 'nastavnik.db')}`,
      clock: systemClock,
    });
    try {
      return await storage.connection.collection<Card>('directory_cards').find().toArray();
    } finally {
      await storage.close();
    }
  }

  it('says what is ready and what is wrong in which line, and writes nothing in a dry run', async () => {
    const { code, out, err } = await importPeople(file, '--dry-run', '--visibility', 'public');
    expect(err).to.equal('');
    expect(out.trim().split('\n')).to.deep.equal([
      '201 ready, 2 lines with errors',
      '  line 203: email: not a contact of this kind: нет почты',
      '  line 204: fullName: no name',
    ]);
    expect(code, 'lines are left out').to.equal(2);
    expect(await cards()).to.deep.equal([]);
  });

  it('refuses in a line of words, and writes nothing, where teachers have not agreed', async () => {
    const { code, out, err } = await importPeople(file, '--visibility', 'public');
    expect([code, out]).to.deep.equal([1, '']);
    expect(err.trim())
      .to.match(/^import-people: --consent: Tick the consent/)
      .and.not.contain('\n');
    expect(await cards()).to.deep.equal([]);
  });

  it('imports the lines without errors, long tables too, and prints JSON', async () => {
    const { code, out, err } = await importPeople(file, '--visibility', 'public', '--consent', '--json');
    expect(err).to.equal('');
    const { people, faults, made, changed } = JSON.parse(out) as {
      people: unknown[];
      faults: { line: number }[];
      made: number;
      changed: number;
    };
    expect([people.length, made, changed, code]).to.deep.equal([201, 201, 0, 2]);
    expect(faults.map(({ line }) => line)).to.deep.equal([203, 204]);
    const written = await cards();
    expect(written).to.have.length(201);
    expect(written[7]).to.deep.include({ visibility: 'public' });
    expect(written[0]).to.deep.include({
      posts: ['director'],
      postTerms: [{ post: 'director', since: '2020-09-01', until: '' }],
    });
  });
});
