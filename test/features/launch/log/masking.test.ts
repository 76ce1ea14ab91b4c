import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { keptClaims } from '../../../../src/features/launch/log/masking.js';

const FIXTURES = new URL('../../../fixtures/moodle/', import.meta.url);

/** More than any of these tokens. */
const LONG = 32_000;

describe('claims as the log keeps them', () => {
  for (const file of readdirSync(FIXTURES).filter((name) => /^(launch|deeplink|submission)/.test(name))) {
    it(`say nothing of the person: ${file}`, () => {
      const { claims } = JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8')) as {
        claims: Record<string, unknown>;
      };
      const kept = keptClaims(claims, 'pepper', LONG);
      const values = kept.map(({ value }) => value);
      for (const name of ['given_name', 'family_name', 'middle_name', 'name', 'email', 'nonce']) {
        const value = claims[name];
        if (typeof value === 'string' && value !== '') expect(values, name).not.to.include(value);
      }
      expect(JSON.stringify(kept)).not.to.match(/@example|T-0\d|user_username","value":"[^•]/);
      expect(kept.find(({ name }) => name === 'lti/claim/roles')?.value).to.match(/membership#/);
    });
  }

  it('mask unforeseen claims of any form', () => {
    const kept = keptClaims(
      {
        'https://example.org/claim/context': { id: 'Иван' },
        passport: '4510 000000',
        context: 'Иван',
        age: 15,
        nested: { a: { b: 'Иван' }, list: ['Иван'] },
        'https://purl.imsglobal.org/spec/lti/claim/custom': { nastavnik_id: 'x', telephone: '+7 900' },
        'https://purl.imsglobal.org/spec/lti/claim/launch_presentation': {
          return_url: 'https://lms.example.org/back?session=secret&user=5',
        },
        empty: '',
        none: null,
      },
      'pepper',
      LONG,
    );
    expect(Object.fromEntries(kept.map(({ name, value }) => [name, value]))).to.deep.equal({
      'https://example.org/claim/context.id': '•••',
      passport: '•••',
      context: '•••',
      age: '•••',
      'nested.a': '•••',
      'nested.list': '•••',
      'lti/claim/custom.nastavnik_id': 'x',
      'lti/claim/custom.telephone': '•••',
      'lti/claim/launch_presentation.return_url': 'https://lms.example.org/back?•••',
      empty: '',
      none: '',
    });
  });

  it('mark a person alike each time, and differently for each platform and secret', () => {
    const markOf = (claims: object, pepper: string) =>
      keptClaims(claims, pepper, LONG).find(({ name }) => name === 'sub')?.value;
    const item = { iss: 'a', sub: '5' };
    expect(markOf(item, 'p')).to.equal(markOf({ ...item, name: 'x' }, 'p'));
    expect(
      new Set([markOf(item, 'p'), markOf({ iss: 'b', sub: '5' }, 'p'), markOf(item, 'q')]).size,
    ).to.equal(3);
  });

  it('apply to nested lists of any depth', () => {
    const deep = JSON.parse(`${'['.repeat(60_000)}${']'.repeat(60_000)}`) as unknown;
    const wide = Array.from({ length: 60_000 }, (_, at) => [`${at}`]);
    expect(keptClaims({ aud: deep }, 'pepper', LONG)).to.deep.equal([{ name: 'aud', value: '•••' }]);
    expect(keptClaims({ iss: ['a', ['b'], { c: 1 }] }, 'pepper', LONG)[0]?.value).to.equal('a ••• •••');
    expect(keptClaims({ aud: wide }, 'pepper', LONG)[0]?.value.length).to.be.below(400);
  });

  it('are few and short, however many come', () => {
    const many = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [`claim${at}`, 'x'.repeat(5_000)]),
    );
    expect(JSON.stringify(keptClaims({ iss: 'x'.repeat(9_999), ...many }, 'p', LONG)).length).to.be.below(
      10_000,
    );
    for (const odd of [null, 'text', [1], 7, undefined]) expect(keptClaims(odd, 'p', LONG)).to.deep.equal([]);
  });

  it('keep no more text of a token than they may', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 80 }, (_, claim) => [
        `${'c'.repeat(90)}${claim}`,
        Object.fromEntries(Array.from({ length: 40 }, (_, field) => [`${'f'.repeat(90)}${field}`, 1])),
      ]),
    );
    const kept = keptClaims({ iss: 'https://lms.example.org', ...wide }, 'p', 6_000);
    expect(kept[0]).to.deep.equal({ name: 'iss', value: 'https://lms.example.org' });
    expect(kept.at(-1)).to.deep.equal({ name: '…', value: '' });
    expect(JSON.stringify(kept).length).to.be.within(5_000, 9_000);
  });
});
