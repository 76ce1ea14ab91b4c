import { expect } from 'chai';
import { platformMessage } from '../../src/lti/transport/platform-answer.js';

describe('what a platform says', () => {
  it('is its own words, without its markup', () => {
    expect(platformMessage('{"errors":[{"message":"No such\\nline item"}]}')).to.equal('No such line item');
    expect(
      platformMessage('<html><style>b{color:red}</style><b>Not <i>now</i></b><script>alert("<")</script>'),
    ).to.equal('Not now');
    expect(platformMessage('1 < 2')).to.equal('1 < 2');
    expect(platformMessage('')).to.equal('');
  });

  it('keeps nobody waiting, however it is written: one hostile platform would stop all others', () => {
    for (const piece of ['<', '<script', '<style>', '<script></', '</', '<!--', ' \u0000', '{', '[']) {
      const body = piece.repeat(Math.ceil((4 * 1024 * 1024) / piece.length));
      const start = performance.now();
      expect(platformMessage(body).length).to.be.at.most(300);
      expect(performance.now() - start, `${piece}…`).to.be.below(1_000);
    }
  });
});
