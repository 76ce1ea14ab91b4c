import { expect } from 'chai';
import fc from 'fast-check';
import type { QuestionContent } from '../../../../src/features/assessments/bank/questions.store.js';
import { questionFrom } from '../../../../src/features/assessments/bank/question.schema.js';
import type { TypeName } from '../../../../src/features/assessments/types/index.js';
import { ownName } from '../../../../src/features/assessments/bank/question-name.js';
import { contentOf } from '../../../../src/features/assessments/exchange/content.js';
import { foreignOf } from '../../../../src/features/assessments/exchange/foreign-of.js';
import { readQuestions } from '../../../../src/features/assessments/exchange/read-file.js';
import { writeGift } from '../../../../src/features/assessments/exchange/writers/gift.js';
import { writeMoodleXml } from '../../../../src/features/assessments/exchange/writers/moodle-xml.js';
import { writeQtiPackage } from '../../../../src/features/assessments/exchange/writers/qti3.js';
import { startTestApp, type TestApp, type Visitor } from '../../../support/test-app.js';
import { makeTest } from '../fixtures.js';

/** A line that people type: letters of both alphabets, figures, signs that files use for themselves. */
const line = fc
  .array(fc.constantFrom(...'абвЁё xyz 0123456789 .,!?:;=~#{}\\%<>&"\'*+-/[]()$«»№'.split('')), {
    minLength: 1,
    maxLength: 30,
  })
  .map((signs) => signs.join('').replace(/\s+/gu, ' ').trim())
  .filter((text) => text !== '' && !/^\*+$/u.test(text));

const options = (most: number): fc.Arbitrary<{ text: string; right: boolean }[]> =>
  fc
    .tuple(fc.uniqueArray(line, { minLength: 2, maxLength: 6 }), fc.integer({ min: 1, max: most }))
    .map(([texts, rights]) =>
      texts.map((text, index) => ({ text, right: index < Math.min(rights, texts.length) })),
    );

const definition: fc.Arbitrary<QuestionContent['definition']> = fc.oneof(
  options(1).map((rows) => ({ type: 'single' as const, options: rows })),
  options(3).map((rows) => ({ type: 'multiple' as const, options: rows })),
  fc
    .record({
      accepted: fc.uniqueArray(line, { minLength: 1, maxLength: 4 }),
      caseMatters: fc.constant(false),
    })
    .map((fields) => ({ type: 'short' as const, ...fields })),
  fc
    .record({ value: fc.integer({ min: -1_000, max: 1_000 }), tolerance: fc.constantFrom(0, 0.5, 2) })
    .map((fields) => ({ type: 'numerical' as const, ...fields, toleranceKind: 'absolute' as const })),
  fc.boolean().map((right) => ({ type: 'truefalse' as const, right, ifTrue: '', ifFalse: '' })),
  fc
    .uniqueArray(
      line.filter((text) => !text.includes('->')),
      { minLength: 5, maxLength: 5 },
    )
    .map(([a = '', b = '', c = '', d = '', e = '']) => ({
      type: 'matching' as const,
      pairs: [
        { prompt: a, answer: b },
        { prompt: c, answer: d },
      ],
      distractors: [e],
    })),
);

/** Types that GIFT has not. */
const more: fc.Arbitrary<QuestionContent['definition']> = fc.oneof(
  fc
    .uniqueArray(line, { minLength: 3, maxLength: 5 })
    .map((items) => ({ type: 'ordering' as const, items, credit: 'places' as const })),
  fc.uniqueArray(line, { minLength: 5, maxLength: 5 }).map(([a = '', b = '', c = '', d = '', e = '']) => ({
    type: 'cloze' as const,
    // Formats of markup take a run of spaces for a single space.
    body: `${a
      .replace(/[{}[\]]/gu, '')
      .replace(/\s+/gu, ' ')
      .trim()} [[1]] и [[2]] и [[3]]`.trim(),
    gaps: [
      {
        kind: 'choice' as const,
        options: [
          { text: b, fraction: 1 },
          { text: c, fraction: 0 },
        ],
      },
      {
        kind: 'short' as const,
        accepted: [
          { text: d, fraction: 1 },
          { text: e, fraction: 0.5 },
        ],
      },
      { kind: 'numerical' as const, value: 3, tolerance: 0 },
    ],
  })),
);

const contentWith = (of: fc.Arbitrary<QuestionContent['definition']>): fc.Arbitrary<QuestionContent> =>
  fc
    .record({
      name: fc.oneof(fc.constant(''), line),
      text: line,
      mark: fc.constantFrom(1, 2.5, 10),
      feedback: fc.oneof(fc.constant(''), line),
      category: fc.constantFrom('', 'Алгебра / Углы', 'К1'),
      tags: fc.constantFrom([], ['тема 1', 'лёгкие']),
      definition: of,
    })
    // A name that repeats the text is none.
    .map(({ name, category, tags, ...given }) => ({
      ...given,
      ...(ownName(name, given.text) !== '' && { name }),
      ...(category !== '' && { category }),
      ...(tags.length > 0 && { tags }),
    }));
const content = contentWith(definition);
const anyContent = contentWith(fc.oneof(definition, more));
/** Only Moodle knows hints, and what another try costs. */
const priced = fc
  .tuple(anyContent, fc.constantFrom(null, 0.25, 0.3333333, 1), fc.uniqueArray(line, { maxLength: 2 }))
  .map(([given, tryPenalty, hints]) => ({
    ...given,
    ...(tryPenalty !== null && { tryPenalty }),
    ...(hints.length > 0 && { hints, hintPenalty: 0 }),
  }));

/** What is written as a file and read again is the same question. */
describe('export of questions', () => {
  const again = async (bytes: Buffer, name: string): Promise<unknown[]> =>
    (await readQuestions(bytes, name)).questions.map((question) => {
      const made = contentOf(question);
      return 'content' in made ? made.content : made;
    });

  it('gives the same questions after GIFT, with → for -> and a point for each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(content, { minLength: 1, maxLength: 5 }), async (questions) => {
        const text = writeGift(questions.map(foreignOf));
        const each = questions.map((question) => ({ ...question, mark: 1 }));
        const arrows = JSON.parse(JSON.stringify(each).replaceAll('->', '→')) as QuestionContent[];
        expect(await again(Buffer.from(text), 'a.gift'), text).to.deep.equal(arrows);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same questions after Moodle XML', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(priced, { minLength: 1, maxLength: 5 }), async (questions) => {
        const text = writeMoodleXml(questions.map(foreignOf));
        expect(await again(Buffer.from(text), 'a.xml'), text).to.deep.equal(questions);
      }),
      { numRuns: 200 },
    );
  });

  it('gives the same questions after a QTI 3 package, but for categories, tags and tolerance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyContent, { minLength: 1, maxLength: 5 }), async (questions) => {
        const bytes = await writeQtiPackage(questions.map(foreignOf));
        const expected = questions.map(({ category: _category, tags: _tags, ...question }) => ({
          ...question,
          definition:
            question.definition.type === 'numerical'
              ? { ...question.definition, tolerance: 0 }
              : question.definition,
        }));
        expect(await again(bytes, 'a.zip')).to.deep.equal(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('Moodle XML keeps every setting of a type, whatever its text is written in', async () => {
    const forms: readonly (readonly [TypeName, object])[] = [
      ['single', { option: ['a', 'b'], right: '1', worth: ['25', ''], remark: ['почти', 'да'] }],
      [
        'multiple',
        { option: ['a', 'b', 'c'], right: ['0', '1'], worth: ['60', '40', '-30'], remark: ['x', '', 'y'] },
      ],
      ['truefalse', { right: 'false', ifTrue: 'нет', ifFalse: 'да' }],
      ['short', { accepted: 'a*\n50 % b', caseMatters: 'on', remarks: 'a* # да\nb # почти\n* # нет' }],
      [
        'numerical',
        {
          value: '5000',
          tolerance: '1',
          units: 'м\nкм = 1000',
          unitPenalty: '10',
          remarks: '5000 # да\n-5000 # знак\n* # нет',
        },
      ],
      ['matching', { prompt: ['Россия', 'Франция', ''], answer: ['Москва', 'Париж', 'Осло'] }],
      ['ordering', { item: ['весна', 'лето'], credit: 'all' }],
      [
        'calculated',
        { formula: 'a*2', variables: 'a = 1 … 3; 2', tolerance: '1', toleranceKind: 'relative' },
      ],
      ['essay', { leastWords: '5', mostWords: '100', lines: '20', notes: 'образец' }],
      ['file', { mostFiles: '2', notes: 'чертёж' }],
    ];
    const texts = {
      plain: 'Вопрос {a}\nвторая',
      markdown: 'Вопрос **{a}**\n\n- раз\n- два',
      html: '<p>Вопрос <b>{a}</b></p><table><tbody><tr><td>1</td></tr></tbody></table>',
    };
    for (const [type, fields] of forms)
      for (const [format, text] of Object.entries(texts)) {
        const made = questionFrom({ text, format, feedback: 'Так.', ...fields }, type);
        const file = writeMoodleXml([foreignOf(made)]);
        expect(await again(Buffer.from(file), 'a.xml'), `${type} ${format}`).to.deep.equal([made]);
      }
  });

  it('tolerances in per cent and digits become numbers, as other systems have no such', async () => {
    const within = (fields: object) => {
      const { definition } = questionFrom({ text: 'Сколько?', value: '1234', ...fields }, 'numerical');
      return again(
        Buffer.from(writeGift([foreignOf({ text: 'Сколько?', mark: 1, feedback: '', definition })])),
        'a.gift',
      );
    };
    expect(await within({ tolerance: '3', toleranceKind: 'digits' })).to.have.nested.property(
      '[0].definition.tolerance',
      5,
    );
    expect(await within({ tolerance: '10', toleranceKind: 'relative' })).to.have.nested.property(
      '[0].definition.tolerance',
      123.4,
    );
  });

  describe('by a teacher', () => {
    let testApp: TestApp;
    let teacher: Visitor;
    before(async () => {
      testApp = await startTestApp();
      teacher = await testApp.launch({ person: '11', course: '2' });
    });
    after(() => testApp.close());

    it('saves the questions of a test in each format', async () => {
      const test = await makeTest(teacher);
      for (const format of ['gift', 'moodle-xml', 'qti']) {
        const reply = await teacher.get(`tests/${test}/export?format=${format}`);
        expect(reply.status, format).to.equal(200);
        expect(reply.headers.get('content-disposition'), format).to.match(/^attachment; filename=/);
      }
      expect((await teacher.get(`tests/${test}/export?format=exe`)).status).to.equal(400);
      const student = await testApp.launch({ person: '101', course: '2' });
      expect((await student.get(`tests/${test}/export?format=gift`)).status).to.equal(403);
    });

    describe('of many questions', () => {
      const MANY = 205;
      let owner: Visitor;
      before(async () => {
        owner = await testApp.launch({ person: '15', course: '3' });
        const text = Array.from({ length: MANY }, (_, at) => `${at + 1}. Много ${at}?\n+ да\n- нет`).join(
          '\n\n',
        );
        const preview = await owner.submit('tests/import', { text });
        await testApp.app.jobs.drain();
        const id = /import\/([0-9a-f]{24})/.exec(preview.url)?.[1] ?? '';
        await owner.submit(`tests/import/${id}`, {});
        await testApp.app.jobs.drain();
      });

      it('is written by a job, to whose page the link leads, and no question is left out', async () => {
        const begun = await owner.get('tests/bank/export?format=moodle-xml');
        const { pathname } = new URL(begun.url);
        expect(pathname).to.match(/\/exports\/[0-9a-f]{24}$/);
        expect(begun.body).to.match(/href="[^"]*\/tests\/bank"/);
        await testApp.app.jobs.drain();
        const done = await owner.json('GET', pathname);
        expect(done.data).to.include({ state: 'ready', done: MANY, total: MANY, format: 'moodle-xml' });
        const file = await owner.get(`${pathname}/file`);
        expect(file.headers.get('content-disposition')).to.match(/^attachment; filename=.*\.xml/);
        expect(await again(Buffer.from(file.body), 'a.xml')).to.have.length(MANY);
        const id = pathname.slice(-24);
        expect((await owner.get(`tests/exports/${id}`)).url, 'as it stood before').to.include(pathname);
        for (const visitor of [teacher, await testApp.launch({ person: '101', course: '2' })]) {
          expect((await visitor.get(`exports/${id}`)).status).to.equal(404);
          expect((await visitor.get(`exports/${id}/file`)).status).to.equal(404);
        }
      });

      it('keeps to the filter, and is small again then', async () => {
        const few = await owner.get('tests/bank/export?format=gift&q=Много 7?');
        expect(few.headers.get('content-disposition')).to.match(/^attachment/);
        expect(await again(Buffer.from(few.body), 'a.gift')).to.have.length(20);
        const large = await owner.get('tests/bank/export?format=gift&q=много&type=single');
        await testApp.app.jobs.drain();
        const { pathname } = new URL(large.url);
        expect(pathname).to.not.include('/bank/');
        const file = await owner.get(`${pathname}/file`);
        expect(file.headers.get('content-disposition')).to.match(/^attachment; filename=.*\.gift\.txt/);
        expect(await again(Buffer.from(file.body), 'a.gift')).to.have.length(MANY);
      });
    });
  });
});
