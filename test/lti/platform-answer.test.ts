import { expect } from 'chai';
import { platformMessage } from '../../src/lti/transport/platform-answer.js';
import { cpuTime } from '../support/cpu.js';

describe('platformMessage', () => {
  it('returns the message of JSON, and text without markup', () => {
    expect(platformMessage('{"errors":[{"message":"No such\\nline item"}]}')).to.equal('No such line item');
    expect(
      platformMessage('<html><style>b{color:red}</style><b>Not <i>now</i></b><script>alert("<")</script>'),
    ).to.equal('Not now');
    expect(platformMessage('1 < 2')).to.equal('1 < 2');
    expect(platformMessage('')).to.equal('');
  });

  it('takes seconds at most for hostile answers of 4 MiB', () => {
    for (const piece of ['<', '<script', '<style>', '<script></', '</', '<!--', ' \u0000', '{', '[']) {
      const body = piece.repeat(Math.ceil((4 * 1024 * 1024) / piece.length));
      const spent = cpuTime();
      expect(platformMessage(body).length).to.be.at.most(300);
      expect(spent(), `${piece}…`).to.be.below(10_000);
    }
  });
});
