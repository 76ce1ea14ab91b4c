import { expect } from 'chai';
import { contentFields, questionFrom } from '../../../../src/features/assessments/bank/question.schema.js';
import { richText } from '../../../../src/features/assessments/bank/rich-text.js';
import {
  saidWord,
  TYPE_NAMES,
  typeOf,
  type TypeName,
} from '../../../../src/features/assessments/types/index.js';
import { translator } from '../../../../src/i18n/index.js';
import { DomainError } from '../../../../src/shared/errors.js';

type Fields = Readonly<Record<string, unknown>>;

const content = (type: TypeName, fields: Fields) => questionFrom({ text: 'Вопрос', ...fields }, type);
const inOrder = (limit: number): number => limit - 1;

/** Marks what a page sends whose parts stand in the definition's order. */
function fraction(type: TypeName, fields: Fields, sent: readonly string[]): number | null {
  const { definition } = content(type, fields);
  const marking = typeOf(type);
  const assigned = marking.deal(definition, false, inOrder);
  const { fits, response } = marking.read(definition, sent, assigned);
  expect(fits, `fits: ${sent.join('|')}`).to.equal(true);
  if (response !== null) {
    // What the page sends for a response is read as that response.
    expect(
      marking.read(definition, marking.sent(definition, assigned, response), assigned).response,
    ).to.deep.equal(response);
    expect(marking.words(definition, response, assigned)).to.be.an('array');
  }
  return marking.fraction(definition, response, assigned);
}

function faults(type: TypeName, fields: Fields): string[] {
  try {
    content(type, fields);
  } catch (error) {
    if (error instanceof DomainError) return Object.keys(error.details.fields ?? {});
    throw error;
  }
  return [];
}

const PAIRS = { prompt: ['Россия', 'Франция', 'Италия', ''], answer: ['Москва', 'Париж', 'Рим', 'Осло'] };
const STEPS = { item: ['весна', 'лето', 'осень', 'зима'] };
const CLOZE = {
  body: 'Столица — [[Москва | 50 % Питер]], в ней [[# 13 ± 1]] млн, река [[+Москва / Нева / 20 % Ока]].',
};
const PICTURE = { image: 'abcdefghjkabcdefghjk', imageWidth: '400', imageHeight: '300' };
/** Two right areas of four, in the order of reading. */
const SPOTS = {
  ...PICTURE,
  shape: ['rect', 'circle', 'poly', 'rect'],
  coords: ['10,10,50,50', '200, 60, 20', '10,100 60,100 30,150', '200,200,300,280'],
  label: ['', 'круг', '', ''],
  right: ['0', '1'],
};
const CAPTIONS = {
  ...PICTURE,
  shape: ['rect', 'rect', 'circle'],
  coords: ['0,0,40,20', '100,0,140,20', '50,100,10'],
  label: ['', '', ''],
  answer: ['Нева', 'Волга', 'Дон'],
  distractors: 'Обь',
};
const WORDS = { body: '[[Волга]] впадает в [[Каспийское]] море', distractors: 'Обь\nЧёрное' };

describe('marking by type', () => {
  for (const [type, fields, sent, expected] of [
    ['truefalse', { right: 'true' }, ['true'], 1],
    ['truefalse', { right: 'true' }, ['false'], 0],
    ['truefalse', { right: 'false' }, ['false'], 1],
    ['truefalse', { right: 'false' }, [], 0],
    // Shares of single options: the second is worth half.
    ['single', { option: ['a', 'b', 'c'], right: '0', worth: ['', '50', ''] }, ['1'], 0.5],
    ['single', { option: ['a', 'b', 'c'], right: '0', worth: ['', '-50', ''] }, ['1'], 0],
    ['single', { option: ['a', 'b', 'c'], right: '0', worth: ['', '50', ''] }, ['0'], 1],
    // 60 + 40 − 30.
    [
      'multiple',
      { option: ['a', 'b', 'c'], right: ['0', '1'], worth: ['60', '40', '-30'] },
      ['0', '1', '2'],
      0.7,
    ],
    ['multiple', { option: ['a', 'b', 'c'], right: ['0', '1'], worth: ['60', '40', '-30'] }, ['2'], 0],
    ['short', { accepted: 'Пётр Первый\n50 % Пётр' }, ['петр'], 0.5],
    ['short', { accepted: 'Пётр Первый\n50 % Пётр' }, ['Пётр I'], 0],
    ['short', { accepted: 'слово' }, ['сло\u200bво'], 1],
    ['short', { accepted: '25' }, ['2⁵'], 0],
    ['short', { accepted: '(рас|об)сказ(ы)?', patterns: 'on' }, ['рассказы'], 1],
    ['short', { accepted: '(рас|об)сказ(ы)?', patterns: 'on' }, ['сказ'], 0],
    ['short', { accepted: '^(a+)+$', patterns: 'on' }, [`${'a'.repeat(60)}!`], 0],
    ['numerical', { value: '25' }, ['2⁵'], 0],
    ['numerical', { value: '1500' }, ['1,5·10³'], 1],
    ['numerical', { value: '-5' }, ['− 5'], 1],
    ['numerical', { value: '1234', tolerance: '3', toleranceKind: 'digits' }, ['1230'], 1],
    ['numerical', { value: '1234', tolerance: '3', toleranceKind: 'digits' }, ['1240'], 0],
    ['numerical', { value: '5000', units: 'м\nкм = 1000' }, ['5 км'], 1],
    ['numerical', { value: '5000', units: 'м\nкм = 1000' }, ['5000 м'], 1],
    ['numerical', { value: '5000', units: 'м\nкм = 1000' }, ['5000'], 1],
    ['numerical', { value: '5000', units: 'м\nкм = 1000', unitPenalty: '30' }, ['5000'], 0.7],
    ['numerical', { value: '5000', units: 'м\nкм = 1000' }, ['5 миль'], 0],
    ['matching', PAIRS, ['0', '1', '2'], 1],
    ['matching', PAIRS, ['0', '2', '3'], 1 / 3],
    ['matching', PAIRS, ['0', '', ''], 1 / 3],
    ['matching', PAIRS, ['', '', ''], 0],
    ['ordering', STEPS, ['1', '2', '3', '4'], 1],
    ['ordering', STEPS, ['1', '2', '4', '3'], 0.5],
    ['ordering', { ...STEPS, credit: 'all' }, ['1', '2', '4', '3'], 0],
    ['ordering', { ...STEPS, credit: 'all' }, ['1', '2', '3', '4'], 1],
    ['ordering', STEPS, ['', '', '', ''], 0],
    ['cloze', CLOZE, ['москва', '12,5', '0'], 1],
    ['cloze', CLOZE, ['Питер', '13', '1'], 0.5],
    ['cloze', CLOZE, ['', '', '2'], 0.2 / 3],
    ['dragwords', WORDS, ['0', '1'], 1],
    ['dragwords', WORDS, ['2', '1'], 0.5],
    ['dragwords', WORDS, ['', ''], 0],
    ['hotspot', { ...SPOTS, right: '1' }, ['1'], 1],
    ['hotspot', { ...SPOTS, right: '1' }, ['0'], 0],
    ['hotspot', { ...SPOTS, right: '1' }, [], 0],
    ['hotspot', SPOTS, ['0', '1'], 1],
    ['hotspot', SPOTS, ['0'], 0.5],
    // One of two right, one of two wrong.
    ['hotspot', SPOTS, ['0', '2'], 0],
    ['hotspot', SPOTS, ['0', '1', '3'], 0.5],
    ['hotspot', SPOTS, ['0', '1', '2', '3'], 0],
    ['dragimage', CAPTIONS, ['0', '1', '2'], 1],
    ['dragimage', CAPTIONS, ['0', '', ''], 1 / 3],
    ['dragimage', CAPTIONS, ['1', '0', '2'], 1 / 3],
    ['dragimage', CAPTIONS, ['3', '3', '3'], 0],
    ['dragimage', CAPTIONS, ['', '', ''], 0],
    // The greatest numbers are assigned: 10 and 2.
    [
      'calculated',
      { formula: 'a / b', variables: 'a = 1 … 10\nb = 0,5 … 2; 1', tolerance: '0,01' },
      ['5'],
      1,
    ],
    [
      'calculated',
      { formula: 'a / b', variables: 'a = 1 … 10\nb = 0,5 … 2; 1', tolerance: '0,01' },
      ['5,1'],
      0,
    ],
    ['essay', {}, ['Текст'], null],
    ['essay', {}, [' '], 0],
    ['file', {}, [], 0],
    ['file', {}, ['abcdefghjkabcdefghjk'], null],
  ] as const) {
    it(`${type}: ${String(expected)} for ${JSON.stringify(sent)} of ${JSON.stringify(fields).slice(0, 70)}`, () => {
      const given = fraction(type, fields, sent);
      if (expected === null) expect(given).to.equal(null);
      else expect(given).to.be.closeTo(expected, 1e-12);
    });
  }

  for (const [type, fields, field] of [
    ['truefalse', {}, 'right'],
    ['matching', { prompt: ['a'], answer: ['b'] }, 'prompt'],
    ['matching', { prompt: ['a', 'b'], answer: ['b', ''] }, 'answer'],
    ['ordering', { item: ['a', 'a'] }, 'item'],
    ['cloze', { body: 'без пропусков' }, 'body'],
    ['cloze', { body: 'плохой [[# пять]]' }, 'body'],
    ['dragwords', { body: 'без пропусков' }, 'body'],
    ['hotspot', { ...SPOTS, image: '' }, 'image'],
    ['hotspot', { ...SPOTS, coords: ['1,2,3', '', '', ''] }, 'coords'],
    ['hotspot', { ...SPOTS, coords: ['1,2,30,40', '', '', ''] }, 'coords'],
    ['hotspot', { ...SPOTS, right: [] }, 'right'],
    ['dragimage', { ...CAPTIONS, answer: ['Нева', '', 'Дон'] }, 'answer'],
    ['dragimage', { ...CAPTIONS, coords: ['', '', '0,0,-5'] }, 'coords'],
    ['calculated', { formula: 'a +', variables: 'a = 1 … 2' }, 'formula'],
    ['calculated', { formula: 'a', variables: 'a = 2 … 1' }, 'variables'],
    ['calculated', { formula: 'constructor.constructor("x")', variables: 'a = 1 … 2' }, 'formula'],
    ['short', { accepted: '50 % половина' }, 'accepted'],
    ['short', { accepted: '(', patterns: 'on' }, 'accepted'],
    ['single', { option: ['a', 'b'], right: '0', worth: ['', '500'] }, 'worth'],
    ['essay', { leastWords: '10', mostWords: '5' }, 'mostWords'],
  ] as const) {
    it(`${type}: names the field ${field} of ${JSON.stringify(fields)}`, () => {
      expect(faults(type, fields)).to.include(field);
    });
  }

  for (const [type, sent] of [
    ['truefalse', ['maybe']],
    ['matching', ['9']],
    ['ordering', ['5']],
    ['cloze', ['', '', '7']],
    ['dragwords', ['', '', '']],
    ['hotspot', ['4']],
    ['hotspot', ['-1']],
    ['dragimage', ['9']],
    ['essay', ['x'.repeat(30_001)]],
    ['file', ['../etc/passwd']],
  ] as const) {
    it(`${type}: refuses ${sent.join('|').slice(0, 20)}, which its page cannot send`, () => {
      const own = { dragwords: WORDS, hotspot: SPOTS, dragimage: CAPTIONS }[type as string] ?? CLOZE;
      const fields = { right: 'true', ...PAIRS, ...STEPS, ...own };
      const { definition } = content(type, fields);
      const marking = typeOf(type);
      expect(marking.read(definition, sent, marking.deal(definition, false, inOrder)).fits).to.equal(false);
    });
  }

  it('says the words of a response in the language of the page', () => {
    const { definition } = content('truefalse', { right: 'true' });
    const [word = ''] = typeOf('truefalse').words(definition, false, []);
    expect([
      saidWord('truefalse', word, translator('ru')),
      saidWord('truefalse', word, translator('en')),
    ]).to.deep.equal(['Неверно', 'False']);
    expect(saidWord('short', 'true', translator('ru'))).to.equal('true');
  });

  it('has a form that is the way back from each definition', () => {
    const forms: Record<TypeName, Fields> = {
      single: { option: ['a', 'b'], right: '1', worth: ['25', ''], remark: ['почти', ''] },
      multiple: { option: ['a', 'b'], right: ['0', '1'] },
      truefalse: { right: 'false', ifTrue: 'нет' },
      short: { accepted: 'a\n50 % b', caseMatters: 'on' },
      numerical: { value: '2,5', tolerance: '1', toleranceKind: 'relative', units: 'м', unitPenalty: '10' },
      matching: PAIRS,
      ordering: STEPS,
      cloze: CLOZE,
      dragwords: WORDS,
      hotspot: SPOTS,
      dragimage: CAPTIONS,
      calculated: { formula: 'a*2', variables: 'a = 1 … 3; 2' },
      essay: { leastWords: '5', notes: 'образец' },
      file: { mostFiles: '2' },
    };
    for (const type of TYPE_NAMES) {
      const made = content(type, {
        ...forms[type],
        hints: 'раз\nдва',
        hintPenalty: '10',
        tags: 'а, б',
        category: 'К / М',
        format: 'markdown',
      });
      expect(questionFrom(contentFields(made), type), type).to.deep.equal(made);
    }
  });

  it('shows nothing of the key while the question is answered', () => {
    const secret = (type: TypeName, fields: Fields): string => {
      const { definition } = content(type, fields);
      return JSON.stringify(
        typeOf(type).answering(definition, typeOf(type).deal(definition, true, inOrder), null),
      );
    };
    expect(secret('cloze', CLOZE)).not.to.match(/Питер|13|fraction/);
    expect(secret('numerical', { value: '42', units: 'м = 7' })).not.to.match(/42|7/);
    expect(secret('truefalse', { right: 'true', ifTrue: 'угадали' })).not.to.match(/right|угадали/);
    expect(secret('essay', { notes: 'образец' })).not.to.contain('образец');
    expect(secret('hotspot', SPOTS)).not.to.contain('"right":true');
    expect(secret('dragimage', CAPTIONS)).not.to.match(/answer/);
    expect(secret('calculated', { formula: 'a*3', variables: 'a = 1 … 2' })).not.to.contain('a*3');
  });
});

describe('texts of questions', () => {
  it('escapes plain text and keeps its lines', () => {
    expect(richText('1 < 2\nда', 'plain')).to.equal('1 &lt; 2<br>да');
  });

  it('drops scripts, styles, handlers and foreign images from HTML', () => {
    const html = richText(
      '<p onclick="x()" style="color:red">Да<script>alert(1)</script><img src="https://a.example/x.png"></p><a href="javascript:x()">a</a>',
      'html',
    );
    expect(html).to.equal('<p>Да</p><a>a</a>');
  });

  it('sanitises what Markdown lets through', () => {
    expect(richText('**да** <script>x</script>', 'markdown')).to.equal('<p><strong>да</strong> </p>\n');
  });

  it('writes formulas as MathML without styles', () => {
    const html = richText('Найдите \\(x^2\\), если $$x = \\frac{1}{2}$$', 'plain');
    expect(html).to.contain('<math').and.contain('<msup>').and.contain('<mfrac>');
    expect(html).not.to.match(/style=|class=/);
  });

  it('keeps listings of code as they are: no formula, no mark-up and no script in them', () => {
    const code = 'if (a < b) print("$x^2$ **да** <script>");';
    const shown = 'if (a &lt; b) print("$x^2$ **да** &lt;script&gt;");';
    expect(richText(`\`\`\`\n${code}\n\`\`\``, 'markdown')).to.contain(`<pre><code>${shown}`);
    const html = richText(`<pre><code>${shown}</code></pre>`, 'html');
    expect(html).to.equal(`<pre><code>${shown}</code></pre>`);
  });

  it('survives a formula that cannot be read', () => {
    expect(richText('$$\\frac{1$$', 'plain')).to.be.a('string');
  });
});
