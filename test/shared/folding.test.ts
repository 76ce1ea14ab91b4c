import { expect } from 'chai';
import { fold, isVisible, numberFrom } from '../../src/shared/folding.js';
import { manyLines, oneLine } from '../../src/shared/lines.js';
import { nameWords } from '../../src/shared/names.js';

describe('folding of texts', () => {
  for (const [text, value] of [
    ['2⁵', null],
    ['2²', null],
    ['½', null],
    ['− 5', -5],
    ['-5', -5],
    ['–\u00a05', -5],
    ['1,5·10³', 1500],
    ['1.5×10^3', 1500],
    ['1,5 · 10⁻³', 0.0015],
    ['1,5*10^(-3)', 0.0015],
    ['10³', 1000],
    ['-10⁶', -1e6],
    ['210³', null],
    ['1\u202f500', 1500],
    ['1 000 000,5', 1000000.5],
    ['12\u200b5', 125],
    ['１２', 12],
    ['1,5e3', 1500],
    ['', null],
    ['5 кг', null],
    ['1e999', null],
  ] as const) {
    it(`reads ${JSON.stringify(text)} as ${value === null ? 'no number' : String(value)}`, () => {
      expect(numberFrom(text)).to.equal(value);
    });
  }

  it('drops signs that show nothing from answers', () => {
    expect(fold('сло\u200bво\u00ad', 'answer')).to.equal('слово');
    expect(fold('\ufeffСлово', 'exactAnswer')).to.equal('Слово');
  });

  it('keeps superscripts in answers', () => {
    expect(fold('x²', 'answer')).to.equal('x²');
    expect(fold('2⁵', 'answer')).not.to.equal(fold('25', 'answer'));
  });

  it('finds a name whatever its spaces, ё and width', () => {
    expect(nameWords('ЁЛКИН\u200b  Ｉvan')).to.deep.equal(['елкин', 'ivan']);
  });

  it('takes a text of nothing visible for empty', () => {
    for (const text of ['\u200b', '\u2060\ufeff ', '\u3164', '\u2800', ' \u00ad']) {
      expect(isVisible(text), JSON.stringify(text)).to.equal(false);
      expect(oneLine(text)).to.equal('');
      expect(manyLines(text)).to.equal('');
    }
    expect(isVisible('²')).to.equal(true);
  });

  it('leaves joiners of emoji and of scripts that need them', () => {
    expect(oneLine('👩‍🏫')).to.equal('👩‍🏫');
  });
});
