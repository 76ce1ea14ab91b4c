import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ZipFile } from 'yazl';
import { readQuestions } from '../../../../src/features/assessments/exchange/read-file.js';
import { summaryOf } from '../../../../src/features/assessments/exchange/summary.js';
import { translator } from '../../../../src/i18n/index.js';

const FIXTURES = path.resolve(import.meta.dirname, '../../../fixtures/questions');

const item = (id: string, body: string, more = ''): string =>
  `<qti-assessment-item identifier="${id}" title="${id}"><qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>a</qti-value></qti-correct-response></qti-response-declaration>${more}<qti-item-body>${body}</qti-item-body></qti-assessment-item>`;
const CHOICE =
  '<p>Кто пришёл?</p><qti-choice-interaction response-identifier="R" max-choices="1"><qti-simple-choice identifier="a">Волк</qti-simple-choice><qti-simple-choice identifier="b">Лиса</qti-simple-choice></qti-choice-interaction>';
const resource = (href: string, type = 'imsqti_item_xmlv3p0'): string =>
  `<resource identifier="${href}" type="${type}" href="${href}"><file href="${href}"/></resource>`;

async function zipOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** Each entry of a file is read, or named with its place and the reason in words. */
describe('nothing of a file of questions is lost without a word', () => {
  const t = translator('en');

  for (const [name, entries, refused] of [
    // Entries are counted by hand: questions, and what stands among them.
    ['school.gift', 12, 1],
    ['school.xml', 11, 2],
    ['school.aiken.txt', 3, 1],
    ['old-qti.xml', 3, 0],
    ['canvas.xml', 7, 2],
  ] as const) {
    it(`${name}: ${entries} entries, ${refused} refused by name`, async () => {
      const summary = summaryOf(await readQuestions(readFileSync(path.join(FIXTURES, name)), name), t);
      expect(summary.ready + summary.leftOut.length, JSON.stringify(summary.leftOut)).to.equal(entries);
      expect(summary.leftOut).to.have.length(refused);
      for (const { place, why } of summary.leftOut) {
        expect(place).to.not.equal('');
        expect(why)
          .to.match(/[a-z]{3}/u)
          .and.not.include('exchange.');
      }
      for (const { notes } of summary.notes) {
        for (const note of notes) expect(note).to.not.include('exchange.');
      }
    });
  }

  it('canvas.xml: tolerances, ranges, blanks and lists of QTI 1.2 keep what is right in them', async () => {
    const { questions } = await readQuestions(readFileSync(path.join(FIXTURES, 'canvas.xml')), 'canvas.xml');
    const right = (text: string) => ({ text, fraction: 1 });
    const wrong = (text: string) => ({ text, fraction: 0 });
    const gap = (kind: string, ...answers: object[]) => ({ kind, caseMatters: false, answers });
    expect(questions.slice(0, 4).map(({ text, body }) => [text, body])).to.deep.equal([
      [
        'Число π до сотых?',
        { kind: 'number', units: [], answers: [{ value: 3.14, tolerance: 0.01, fraction: 1 }] },
      ],
      [
        'Сколько времён года бывает в средней полосе, от и до?',
        { kind: 'number', units: [], answers: [{ value: 3, tolerance: 2, fraction: 1 }] },
      ],
      [
        'Розы {{1}}, фиалки {{2}}.',
        {
          kind: 'cloze',
          gaps: [gap('short', right('красные'), right('алые')), gap('short', right('синие'))],
        },
      ],
      [
        'Розы {{1}}, фиалки {{2}}.',
        {
          kind: 'cloze',
          gaps: [
            gap('choice', right('красные'), wrong('зелёные')),
            gap('choice', right('синие'), wrong('чёрные')),
          ],
        },
      ],
    ]);
  });

  it('says in words what a question lacks, and what is cut', async () => {
    const asked = (text: string, right: string): string =>
      `<question type="shortanswer"><questiontext format="html"><text>${text}</text></questiontext>${right}<generalfeedback><text>${'а'.repeat(6_000)}</text></generalfeedback></question>`;
    const RIGHT = '<answer fraction="100"><text>да</text></answer>';
    const quiz = `<quiz>${asked('Верно?', RIGHT)}${asked('Без ключа?', '')}${asked('', RIGHT)}${asked('д'.repeat(11_000), RIGHT)}</quiz>`;
    const { leftOut, notes } = summaryOf(await readQuestions(Buffer.from(quiz), 'a.xml'), t);
    expect(leftOut.map(({ why }) => why)).to.deep.equal([
      'The file does not say which answer is right',
      'There is no text of the question',
      'The text of the question is too long',
    ]);
    expect(notes.flatMap((note) => note.notes)).to.deep.equal([
      'The feedback is cut: it has more than 5,000 characters',
    ]);
  });

  for (const name of ['associate', 'graphic-order', 'slider', 'media', 'drawing', 'select-point']) {
    it(`an item with a ${name} interaction is named by its type, not read`, async () => {
      const asked = `<qti-${name}-interaction response-identifier="R"></qti-${name}-interaction>`;
      const { ready, leftOut } = summaryOf(await readQuestions(Buffer.from(item('a', asked)), 'a.xml'), t);
      expect(ready).to.equal(0);
      const camel = name.replace(/-(.)/gu, (_match, letter: string) => letter.toUpperCase());
      expect(leftOut.map(({ why }) => why)).to.deep.equal([
        `The question type “${camel}Interaction” is not supported`,
      ]);
    });
  }

  it('a QTI package names items that its manifest lists and that are not in it, and tests that it holds', async () => {
    const bytes = await zipOf({
      'imsmanifest.xml': `<manifest><resources>${resource('items/a.xml')}${resource('items/gone.xml')}${resource('test.xml', 'imsqti_test_xmlv3p0')}</resources></manifest>`,
      'items/a.xml': item('a', CHOICE),
      'test.xml': '<qti-assessment-test identifier="t" title="Работа"/>',
    });
    const { questions, unreadable } = await readQuestions(bytes, 'p.zip');
    expect(questions.map(({ place }) => place)).to.deep.equal(['items/a.xml']);
    expect(unreadable.map(({ place, key }) => [place, key])).to.deep.equal([
      ['test.xml', 'testStructure'],
      ['items/gone.xml', 'missingItem'],
    ]);
  });

  it('a passage that several items of a QTI package share stands in each of them', async () => {
    const reference = '<qti-assessment-stimulus-ref identifier="s" href="../passages/night.xml"/>';
    const bytes = await zipOf({
      'items/a.xml': item('a', CHOICE, reference),
      'items/b.xml': item('b', CHOICE, reference.replace('night', 'gone')),
      'passages/night.xml':
        '<qti-assessment-stimulus identifier="s" title="Ночь"><qti-stimulus-body><p>Была тёмная ночь.</p></qti-stimulus-body></qti-assessment-stimulus>',
    });
    const { questions } = await readQuestions(bytes, 'p.zip');
    expect(questions[0]?.text).to.include('Была тёмная ночь.').and.include('Кто пришёл?');
    expect(questions[0]?.notes).to.deep.equal([]);
    expect(questions[1]?.notes).to.deep.equal([{ key: 'lostElement', what: '../passages/gone.xml' }]);
  });

  it('instructions and feedback inside the text of a QTI item are named as left behind', async () => {
    const body = `<qti-rubric-block view="scorer"><p>Два балла.</p></qti-rubric-block>${CHOICE}<qti-feedback-block outcome-identifier="F" identifier="a"><p>Да</p></qti-feedback-block>`;
    const { questions } = await readQuestions(Buffer.from(item('a', body)), 'a.xml');
    expect(questions[0]?.text).to.equal('Кто пришёл?');
    expect(questions[0]?.notes).to.deep.equal([
      { key: 'lostElement', what: 'rubricBlock' },
      { key: 'lostElement', what: 'feedbackBlock' },
    ]);
  });
});
