import { expect } from 'chai';
import { linksIn } from '../../src/lti/transport/links.js';
import { cpuTime } from '../support/cpu.js';

describe('linksIn', () => {
  const next = (header: string) =>
    linksIn(header)
      .links.filter(({ relations }) => relations.includes('next'))
      .map(({ target }) => target);

  const headers: [string, string[]][] = [
    ['</b>; rel="next"', ['/b']],
    ['</b>; rel=next', ['/b']],
    ['</b>; rel="prev next"', ['/b']],
    ['</b>; rel="NEXT  last"', ['/b']],
    ['</b>;REL = "next" ;title="x"', ['/b']],
    ['</a>; rel="prev", </b>; title="a, b; <c>"; rel=next', ['/b']],
    [String.raw`</b>; title="\"; rel=\"last"; rel="next"`, ['/b']],
    // A comma and a semicolon in an address are part of it.
    ['</b?x=1,2;3&amp;y=4>; rel=“next”', ['/b?x=1,2;3&amp;y=4']],
    ['</b>; rel=\u00e2\u0080\u009cprev next\u00e2\u0080\u009d', ['/b']],
    // The first `rel` counts.
    ['</b>; rel="last"; rel="next"', []],
    ['</b>; rel="nextpage"', []],
    ['</b>; title="rel=next"', []],
    ['</b>; rel="http://lms.example/next"', []],
    ['', []],
    [', ,</b>;rel=next,', ['/b']],
    ['</b>; rel', []],
  ];
  for (const [header, found] of headers) {
    it(`finds ${found.join() || 'no next page'} in ${header}`, () => {
      expect(linksIn(header).complete).to.equal(true);
      expect(next(header)).to.deep.equal(found);
    });
  }

  for (const header of [
    '/b; rel="next"',
    '</b; rel="next"',
    '</b>; rel="next',
    '</b> rel="next"',
    'nonsense',
  ]) {
    it(`is incomplete for ${header}`, () => {
      expect(linksIn(header)).to.deep.equal({ links: [], complete: false });
    });
  }

  it('takes seconds at most for hostile headers of 16 KiB', () => {
    for (const piece of ['<', '<>', '<>;', '"', '<>;a="', '<>;a=\\', ' ', '<>;a="\\', ',']) {
      const spent = cpuTime();
      linksIn(piece.repeat(16_384));
      expect(spent(), piece).to.be.below(10_000);
    }
  });
});
