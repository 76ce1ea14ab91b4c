import { expect } from 'chai';
import { questionFrom } from '../../../src/features/assessments/bank/question.schema.js';
import { gradeOf, sum } from '../../../src/features/assessments/marking/grading.js';
import { markOf } from '../../../src/features/assessments/marking/mark.js';
import { typeOf, type Definition } from '../../../src/features/assessments/types/index.js';
import { DomainError } from '../../../src/shared/errors.js';
import { cpuTime } from '../../support/cpu.js';

/** A question as a form sends it. */
const question = (fields: Record<string, unknown>, type: Definition['type']): Definition =>
  questionFrom({ text: 'Вопрос', ...fields }, type).definition;

/** The fraction for what a page in the definition's order sends. */
const marked = (definition: Definition, sent: readonly string[]): number => {
  const type = typeOf(definition.type);
  const order = type.deal(definition, false, () => 0);
  const { fits, response } = type.read(definition, sent, order);
  expect(fits, `fits: ${sent.join()}`).to.equal(true);
  return type.fraction(definition, response, order) ?? -1;
};

const faults = (fields: Record<string, unknown>, type: Definition['type']): Record<string, string> => {
  try {
    questionFrom({ text: 'Вопрос', ...fields }, type);
  } catch (error) {
    if (error instanceof DomainError) return { ...error.details.fields };
    throw error;
  }
  throw new Error('accepted');
};

describe('the points of an attempt', () => {
  it('are added unrounded and rounded once', () => {
    const given = { by: 'auto', at: new Date(0), why: '' } as const;
    const third = markOf(1 / 3, 1, given);
    expect(sum([third, third, third].map(({ score }) => score))).to.equal(1);
    const seventh = markOf(1 / 7, 2, given);
    expect(sum(Array.from({ length: 7 }, () => seventh.score))).to.equal(2);
    expect(sum([0.1, 0.2])).to.equal(0.3);
    expect(sum([third.score])).to.equal(0.33333);
  });
});

describe('marking a single choice', () => {
  const definition = question({ option: ['Минск', 'Москва', '', 'Омск'], right: '1' }, 'single');

  it('gives all for the right option and nothing for another or none', () => {
    expect(marked(definition, ['1'])).to.equal(1);
    expect(marked(definition, ['0'])).to.equal(0);
    expect(marked(definition, [])).to.equal(0);
  });

  it('reads positions of the page in the order that was assigned', () => {
    const type = typeOf('single');
    expect(type.fraction(definition, type.read(definition, ['0'], [1, 2, 0]).response, [])).to.equal(1);
    expect(type.fraction(definition, type.read(definition, ['1'], [1, 2, 0]).response, [])).to.equal(0);
  });

  it('refuses what its form cannot send', () => {
    const type = typeOf('single');
    for (const sent of [['3'], ['-1'], ['1.5'], ['constructor'], ['0', '1']]) {
      expect(type.read(definition, sent, [0, 1, 2]).fits, sent.join()).to.equal(false);
    }
  });

  it('drops empty rows and keeps the mark of the right one in its place', () => {
    const sparse = question({ option: ['', 'нет', '', 'да'], right: '3' }, 'single');
    expect(marked(sparse, ['1'])).to.equal(1);
  });

  it('needs two options and exactly one right', () => {
    expect(faults({ option: ['один'], right: '0' }, 'single')).to.have.keys('option');
    expect(faults({ option: ['один', 'два'] }, 'single')).to.have.keys('right');
    expect(faults({ option: ['один', 'два'], right: ['0', '1'] }, 'single')).to.have.keys('right');
    expect(faults({ option: ['один', 'два', ''], right: '2' }, 'single')).to.have.keys('right');
    expect(faults({ option: ['один', ' один '], right: '0' }, 'single')).to.have.keys('option');
  });
});

describe('marking a multiple choice', () => {
  // Right: 0, 1, 2. Wrong: 3, 4.
  const definition = question({ option: ['a', 'b', 'c', 'd', 'e'], right: ['0', '1', '2'] }, 'multiple');

  // max(0, right chosen / R − wrong chosen / W): R/exams, exams_eval(partial = TRUE, rule = "false").
  for (const [sent, fraction] of [
    ['', 0],
    ['0', 1 / 3],
    ['0 1', 2 / 3],
    ['0 1 2', 1],
    ['0 1 2 3', 1 / 2],
    ['0 1 3', 2 / 3 - 1 / 2],
    ['0 3', 0],
    ['3', 0],
    ['3 4', 0],
    ['0 1 2 3 4', 0],
  ] as const) {
    it(`gives ${fraction.toFixed(3)} for ${sent === '' ? 'nothing' : sent}`, () => {
      expect(marked(definition, sent === '' ? [] : sent.split(' '))).to.be.closeTo(fraction, 1e-12);
    });
  }

  it('earns nothing for choosing everything, however few options are wrong', () => {
    const lopsided = question({ option: ['a', 'b', 'c', 'd'], right: ['0', '1', '2'] }, 'multiple');
    expect(marked(lopsided, ['0', '1', '2', '3'])).to.equal(0);
  });

  it('counts a choice sent twice once', () => {
    expect(marked(definition, ['0', '0', '0'])).to.be.closeTo(1 / 3, 1e-12);
  });

  it('may have no wrong option at all', () => {
    const allRight = question({ option: ['a', 'b'], right: ['0', '1'] }, 'multiple');
    expect(marked(allRight, ['0'])).to.equal(0.5);
    expect(marked(allRight, ['0', '1'])).to.equal(1);
  });
});

describe('marking a short text', () => {
  const right = (accepted: string, given: string, caseMatters?: string): boolean =>
    marked(question({ accepted, ...(caseMatters && { caseMatters }) }, 'short'), [given]) === 1;

  for (const [accepted, given, expected] of [
    ['Пётр Первый', '  петр   первый ', true],
    ['Пётр Первый', 'ПЁТР\u00a0ПЕРВЫЙ', true],
    ['Пётр Первый', 'Пётр', false],
    ['ещё\nещe', 'Еще', true],
    ['Пётр I\nПётр Великий', 'петр великий', true],
    ['й', 'й', true],
    ['don’t', "don't", true],
    ['Санкт-Петербург', 'санкт–петербург', true],
    ['«Война и мир»', '"война и мир"', true],
    ['*Толстой', 'Лев Николаевич Толстой', true],
    ['*Толстой', 'Толстой', true],
    ['*Толстой', 'Толстой Л. Н.', false],
    ['Лев*Толстой', 'Лев Николаевич Толстой', true],
    ['Лев*Толстой', 'ЛевТолстой', true],
    ['Лев*лев', 'лев', false],
    ['*кол*кол*', 'сколько', false],
    ['*ко*ко*', 'молоко коровы', true],
    ['5 \\* 5', '5 * 5', true],
    ['5 \\* 5', '5 и 5', false],
    ['a.c', 'abc', false],
    ['(x+1)', '(X+1)', true],
  ] as const) {
    it(`${JSON.stringify(accepted)} ${expected ? 'takes' : 'refuses'} ${JSON.stringify(given)}`, () => {
      expect(right(accepted, given)).to.equal(expected);
    });
  }

  it('tells capitals from small letters when asked to', () => {
    expect(right('NaCl', 'NaCl', 'on')).to.equal(true);
    expect(right('NaCl', 'nacl', 'on')).to.equal(false);
    expect(right('NaCl', 'nacl')).to.equal(true);
  });

  it('takes its answers as a list as well as in lines', () => {
    expect(question({ accepted: [' да ', '', 'ага'] }, 'short')).to.deep.include({ accepted: ['да', 'ага'] });
  });

  it('goes through any pattern once', () => {
    const definition = question({ accepted: '*а'.repeat(200) + '*' }, 'short');
    const spent = cpuTime();
    expect(marked(definition, ['а'.repeat(199) + 'б'])).to.equal(0);
    expect(spent()).to.be.below(5_000);
  });

  it('needs an answer, and refuses one that is too long', () => {
    expect(faults({ accepted: ' \n ' }, 'short')).to.have.keys('accepted');
    const type = typeOf('short');
    const definition = question({ accepted: 'да' }, 'short');
    const long = type.read(definition, ['а'.repeat(501)], []);
    expect(long.fits).to.equal(false);
    expect(long.response, 'what was typed can be shown again').to.have.length(501);
  });
});

describe('marking a number', () => {
  const fraction = (fields: Record<string, unknown>, given: string): number =>
    marked(question(fields, 'numerical'), [given]);

  for (const [fields, given, expected] of [
    [{ value: '3,14', tolerance: '0,01' }, '3.14', 1],
    [{ value: '3,14', tolerance: '0,01' }, ' 3,15 ', 1],
    [{ value: '3,14', tolerance: '0,01' }, '3,13', 1],
    [{ value: '3,14', tolerance: '0,01' }, '3,151', 0],
    [{ value: '0.3', tolerance: '0.1' }, '0.4', 1],
    [{ value: '0.3', tolerance: '0.1' }, '0.2', 1],
    [{ value: '200', tolerance: '5', toleranceKind: 'relative' }, '210', 1],
    [{ value: '200', tolerance: '5', toleranceKind: 'relative' }, '189', 0],
    [{ value: '-200', tolerance: '5', toleranceKind: 'relative' }, '−190', 1],
    [{ value: '0', tolerance: '5', toleranceKind: 'relative' }, '0', 1],
    [{ value: '0', tolerance: '5', toleranceKind: 'relative' }, '0,001', 0],
    [{ value: '7' }, '7', 1],
    [{ value: '7' }, '7,0', 1],
    [{ value: '7' }, '+7', 1],
    [{ value: '7' }, '7 кг', 0],
    [{ value: '7' }, 'семь', 0],
    [{ value: '7' }, '7,0,0', 0],
    [{ value: '7' }, 'Infinity', 0],
    [{ value: '7' }, '0x7', 0],
    [{ value: '1500' }, '1 500', 1],
    [{ value: '1500000' }, '1\u00a0500\u00a0000', 1],
    [{ value: '1500' }, '1,5e3', 1],
    [{ value: '1500' }, '15 00', 0],
    [{ value: '-0,5' }, '–,5', 1],
  ] as const) {
    it(`${JSON.stringify(fields)} gives ${expected} for ${JSON.stringify(given)}`, () => {
      expect(fraction(fields, given)).to.equal(expected);
    });
  }

  it('names what is wrong with its definition', () => {
    expect(faults({ value: '' }, 'numerical')).to.deep.equal({ value: 'errors.field.missing' });
    expect(faults({ value: 'пять' }, 'numerical')).to.deep.equal({ value: 'errors.field.notNumber' });
    expect(faults({ value: '5', tolerance: '-1' }, 'numerical')).to.have.keys('tolerance');
    expect(faults({ text: '', value: 'пять', mark: '0' }, 'numerical')).to.have.keys('text', 'value', 'mark');
  });
});

describe('grading', () => {
  const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 23, 12, minute));
  const attempt = (number: number, score: number, maximum = 10) => ({
    number,
    score,
    maximum,
    finishedAt: at(number),
  });
  const three = [attempt(2, 8), attempt(1, 5), attempt(3, 6)];

  it('takes the highest, the first or the last attempt', () => {
    expect(gradeOf('highest', three)).to.deep.equal({
      scoreGiven: 8,
      scoreMaximum: 10,
      submittedAt: at(2),
      number: 2,
    });
    expect(gradeOf('first', three)).to.include({ scoreGiven: 5, number: 1 });
    expect(gradeOf('last', three)).to.include({ scoreGiven: 6, number: 3 });
  });

  it('takes the first of two equally high', () => {
    expect(gradeOf('highest', [attempt(1, 8), attempt(2, 8)])).to.include({ number: 1 });
  });

  it('averages, as of the last attempt', () => {
    expect(gradeOf('average', three)).to.deep.equal({
      scoreGiven: 6.33333,
      scoreMaximum: 10,
      submittedAt: at(3),
      number: null,
    });
  });

  it('compares by share when the maximum has changed between attempts', () => {
    const changed = [attempt(1, 9, 10), attempt(2, 10, 20)];
    expect(gradeOf('highest', changed)).to.include({ scoreGiven: 9, scoreMaximum: 10 });
    // (0.9 + 0.5) / 2 of 20.
    expect(gradeOf('average', changed)).to.include({ scoreGiven: 14, scoreMaximum: 20 });
  });

  it('has no grade without an attempt, and none better than 0 where nothing can be reached', () => {
    expect(gradeOf('highest', [])).to.equal(null);
    expect(gradeOf('average', [attempt(1, 0, 0)])).to.include({ scoreGiven: 0, scoreMaximum: 0 });
  });

  it('adds up without the dust of binary fractions', () => {
    expect(sum([0.1, 0.2])).to.equal(0.3);
    expect(sum(Array.from({ length: 3 }, () => 1 / 3))).to.equal(1);
  });
});
