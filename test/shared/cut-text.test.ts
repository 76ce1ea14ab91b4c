import { expect } from 'chai';
import { cutText } from '../../src/shared/lines.js';

describe('a text that is cut', () => {
  it('stays whole where it fits', () => {
    expect(cutText('Иванов', 6)).to.equal('Иванов');
    expect(cutText('', 0)).to.equal('');
  });

  it('ends between two characters: letters with marks, emoji, flags', () => {
    const accent = 'Й'.normalize('NFD');
    expect(cutText(`Иванов${accent}`, 7)).to.equal('Иванов');
    expect(cutText(`Иванов${accent}`, 8)).to.equal(`Иванов${accent}`);
    expect(cutText('аб🙂в', 3)).to.equal('аб');
    expect(cutText('аб🙂в', 4)).to.equal('аб🙂');
    expect(cutText('семья 👩‍👩‍👧 здесь', 8)).to.equal('семья ');
    expect(cutText('🇷🇺🇷🇺', 5)).to.equal('🇷🇺');
  });

  it('of marks alone is no longer than it may be, and valid', () => {
    const marks = `а${'\u0301'.repeat(500)}`;
    expect(cutText(marks, 100).length).to.be.at.most(100);
    for (let max = 0; max < 40; max += 1) {
      const cut = cutText('🙂👩‍👩‍👧é🇷🇺'.repeat(4), max);
      expect(cut.length).to.be.at.most(max);
      expect(() => encodeURIComponent(cut), 'half a pair').not.to.throw();
    }
  });
});
