import { expect } from 'chai';
import type { Model, Schema } from 'mongoose';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DAY } from '../../../src/shared/clock.js';
import type { PersonalCollection } from '../../../src/shared/personal-collections.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { begin, CAPITAL, makeTest } from '../assessments/fixtures.js';
import { book, expectDone, offer, slotsOf } from '../consultations/fixtures.js';

const DOCUMENT = path.resolve(import.meta.dirname, '../../../docs/privacy.md');

/** Last parts of paths that name a person: the person's id, names and addresses, or who did something. */
const NAMES_A_PERSON =
  /^(personIds?|teacherId|studentId|adminId|sub|email|login|surname|givenName|patronymic|by|actor|createdBy|endedBy|uploadedBy|address|userAgent)$/;

describe('registration of personal data', () => {
  let testApp: AdminTestApp;
  let models: readonly Model<object>[];
  let registered: ReadonlyMap<string, PersonalCollection>;
  before(async () => {
    // The outbox of a demo is a collection as well.
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:', MAIL_FROM: 'tool@example.org' } });
    const all: readonly Model<object>[] = Object.values(testApp.storage.connection.models);
    models = all.filter((model) => !isBase(model));
    registered = new Map(testApp.app.features.privacy.collections.map((entry) => [entry.model, entry]));
  });
  after(() => testApp.close());

  const document = readFileSync(DOCUMENT, 'utf8');
  const rowsBelow = (heading: string): string[][] =>
    (document.split(`## ${heading}\n`)[1] ?? '')
      .split('\n## ')[0]!
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );

  it('covers every model, or docs/privacy.md says why the model holds no person', () => {
    const reasons = new Map(
      rowsBelow('Collections without persons').map(([name = '', why = '']) => [name, why]),
    );
    for (const model of models) {
      const reason = reasons.get(`\`${model.collection.name}\``);
      expect(registered.has(model.modelName) !== (reason !== undefined), model.modelName).to.equal(true);
    }
    expect(reasons.size + registered.size, 'none is listed that does not exist').to.equal(models.length);
  });

  it('covers every model with a path that names a person', () => {
    const naming = models.filter(({ schema }) => pathsOf(schema).some((name) => NAMES_A_PERSON.test(name)));
    expect(naming.length).to.be.above(10);
    for (const { modelName } of naming) expect(registered.has(modelName), modelName).to.equal(true);
  });

  it('is what docs/privacy.md lists', () => {
    const expected = tableOf(models, registered);
    if (process.env.UPDATE_DOCS === '1') updateTable(expected);
    else expect(rowsBelow('Collections with persons')).to.deep.equal(expected);
  });
});

describe('export, erasure and merge of personal data', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const series = await offer(testApp, teacher, 3, { question: 'optional' });
    const test = await makeTest(teacher, { title: 'Столицы' }, [CAPITAL]);
    const slots = await slotsOf(teacher, series);
    for (const [index, person] of ['101', '104'].entries()) {
      const student = await testApp.launch({ person, course: '2' });
      expectDone(await book(student, slots[index]!.slotId, { question: 'О дробях' }));
      const attempt = /tests\/.*$/.exec(await begin(student, test))![0];
      await student.json('POST', `${attempt}/finish`, { q1: ['1'], r1: 0 });
    }
    await teacher.get(`tests/${test}/results`);
    // The consultations take place, and are recorded; the teacher has a link and a calendar of their own.
    testApp.clock.advance(4 * DAY);
    admin = await testApp.enter();
    const later = await testApp.launch({ person: '11', course: '2' });
    for (const { slotId } of slots) {
      await later.submit(`consultations/slots/${slotId}/attendance`, { version: '0', all: 'attended' });
    }
    await later.submit('video', { url: 'https://meet.example.org/own' });
    await later.submit('calendar/feed');
  });
  after(() => testApp.close());

  const registered = (): readonly PersonalCollection[] => testApp.app.features.privacy.collections;
  const personOf = async (sub: string): Promise<Person> => {
    const row = await testApp.storage.connection.model('Person').findOne({ sub }).lean<Row>();
    return { id: String(row!._id), marks: [row!.email, row!.name.surname] };
  };
  const collectionsWith = async (texts: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    const all = Object.values(testApp.storage.connection.models) as Model<object>[];
    for (const model of all.filter((candidate) => !isBase(candidate))) {
      // Several kinds of documents share a collection.
      const { discriminatorMapping: kind } = model.schema as unknown as {
        discriminatorMapping?: { key: string; value: string };
      };
      const filter = model.baseModelName === undefined || !kind ? {} : { [kind.key]: kind.value };
      const stored = JSON.stringify(await allOf(model, filter));
      if (texts.some((text) => stored.includes(text))) found.push(model.modelName);
    }
    return found;
  };
  const erase = (id: string) => admin.post(`/admin/people/${id}/erase`, { sure: 'on' }, { page: '/admin' });

  for (const sub of ['11', '101']) {
    it(`exports every collection that holds person ${sub}, as registered`, async () => {
      const { id, marks } = await personOf(sub);
      const holding = await collectionsWith([id, ...marks]);
      expect(holding.length).to.be.above(4);
      const file = await admin.post(`/admin/people/${id}/export`, {}, { page: '/admin' });
      const parts = JSON.parse(file.text) as Record<string, object[]>;
      for (const name of holding) {
        const entry = registered().find(({ model }) => model === name);
        expect(entry, name).not.to.equal(undefined);
        if (entry && 'as' in entry.exported) expect(parts[entry.exported.as], name).not.to.be.empty;
      }
    });
  }

  it('leaves nothing of an erased person, except ids where registered', async () => {
    const { id, marks } = await personOf('104');
    expect((await erase(id)).url).to.contain('personErased');
    await testApp.app.jobs.drain();
    const withName = await collectionsWith(marks);
    const withId = await collectionsWith([id]);
    for (const { model, erasure } of registered()) {
      if (erasure !== 'expires') expect(withName, model).not.to.include(model);
      if (erasure === 'deletes') expect(withId, model).not.to.include(model);
    }
  });

  for (const [from, to] of [
    ['101', '103'],
    ['11', '12'],
  ] as const) {
    it(`leaves no id of a merged person where registered (${from} into ${to})`, async () => {
      await testApp.launch({ person: to, course: '2' });
      const { id } = await personOf(from);
      const target = await personOf(to);
      const merged = await admin.post(
        `/admin/people/${id}/merge/${target.id}`,
        { sure: 'on' },
        { page: '/admin' },
      );
      expect(merged.url).to.contain('peopleMerged');
      await testApp.app.jobs.drain();
      const withId = await collectionsWith([id]);
      for (const { model, merge } of registered()) {
        if (merge === 'moves') expect(withId, model).not.to.include(model);
      }
    });
  }
});

/** Reads by pages: a query that reads a whole collection is reported as one that lacks an index. */
async function allOf(model: Model<object>, filter: object): Promise<object[]> {
  const found: { _id: unknown }[] = [];
  for (let page: { _id: unknown }[] | null = null; page === null || page.length > 0; found.push(...page)) {
    const after = found.length === 0 ? {} : { _id: { $gt: found.at(-1)?._id } };
    page = await model.collection
      .find({ ...filter, ...after } as object)
      .sort({ _id: 1 })
      .limit(40)
      .toArray();
  }
  return found;
}

interface Row {
  readonly _id: unknown;
  readonly email: string;
  readonly name: { readonly surname: string };
}

interface Person {
  readonly id: string;
  /** Texts by which the person is recognised wherever they are stored. */
  readonly marks: readonly string[];
}

/** Returns the last part of each path of a schema, those of the schemas in it as well. */
function pathsOf(schema: Schema): string[] {
  return Object.entries(schema.paths).flatMap(([name, type]) => {
    const inner = (type as { schema?: Schema }).schema;
    return [name.split('.').at(-1)!, ...(inner === undefined ? [] : pathsOf(inner))];
  });
}

/** Documents of the base of discriminators are those of its kinds. */
const isBase = ({ baseModelName, discriminators }: Model<object>): boolean =>
  baseModelName === undefined && discriminators !== undefined && Object.keys(discriminators).length > 0;

function tableOf(
  models: readonly Model<object>[],
  registered: ReadonlyMap<string, PersonalCollection>,
): string[][] {
  return models
    .flatMap((model) => {
      const entry = registered.get(model.modelName);
      if (entry === undefined) return [];
      const { holds, exported, erasure, merge, retention } = entry;
      const inExport = 'as' in exported ? `as \`${exported.as}\`` : `no: ${exported.not}`;
      return [[`\`${model.collection.name}\``, holds, inExport, erasure, merge, retention]];
    })
    .sort(([left = ''], [right = '']) => left.localeCompare(right));
}

function updateTable(rows: readonly string[][]): void {
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
  const text = readFileSync(DOCUMENT, 'utf8');
  const table = /(## Collections with persons\n[^|]*(?:\|.*\n){2})(?:\|.*\n)*/;
  writeFileSync(
    DOCUMENT,
    text.replace(table, (_whole, head: string) => `${head}${lines}`),
  );
}
