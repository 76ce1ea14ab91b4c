import { expect } from 'chai';
import { cookieOf, hasCookies } from '../../src/shared/cookies.js';

const req = (cookie?: string) => ({ headers: cookie === undefined ? {} : { cookie } });

describe('cookieOf', () => {
  const cases: readonly [string, string, string | undefined][] = [
    ['lang=en', 'lang', 'en'],
    ['a=1; lang=en; b=2', 'lang', 'en'],
    ['a=1;lang=en;b=2', 'lang', 'en'],
    ['slang=ru; lang=en', 'lang', 'en'],
    ['language=ru; lang=en', 'lang', 'en'],
    ['a=lang; b=lang=ru', 'lang', undefined],
    ['lang=en; lang=ru', 'lang', 'en'],
    ['zone=Europe%2FMoscow', 'zone', 'Europe/Moscow'],
    ['zone=%E0%A4%A', 'zone', '%E0%A4%A'],
    ['zone="Europe/Moscow"', 'zone', 'Europe/Moscow'],
    ['lang=', 'lang', ''],
    ['lang', 'lang', undefined],
    ['__proto__=x; constructor=y', 'constructor', 'y'],
  ];
  for (const [header, name, value] of cases) {
    it(`finds ${name} in "${header}" as ${value === undefined ? 'absent' : `"${value}"`}`, () => {
      expect(cookieOf(req(header), name)).to.equal(value);
    });
  }

  it('finds nothing without the header', () => {
    expect(cookieOf(req(), 'lang')).to.equal(undefined);
  });

  it('returns whether the browser sent any cookie', () => {
    expect(['a=1', '', 'a', undefined].map((header) => hasCookies(req(header)))).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
  });
});
