import { expect } from 'chai';
import fc from 'fast-check';
import { Decimal128, decode, encode, Long, ObjectId, type Doc } from '../../src/storage/embedded/bson.js';
import { compileFoundProjection, compileProjection } from '../../src/storage/embedded/projection.js';
import { LazyFound } from '../../src/storage/embedded/read/found.js';
import { decodePart, type Kept } from '../../src/storage/embedded/decode-part.js';

const name = fc.constantFrom('a', 'b', 'ab', 'я', '0');
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.constant(new ObjectId('0123456789abcdef01234567')),
    fc.constant(Long.fromString('9007199254740993')),
    fc.constant(Decimal128.fromString('1.10')),
    fc.constant(Buffer.from('bytes')),
    fc.constant(/expr/i),
    fc.dictionary(name, tie('any'), { noNullPrototype: true }),
    fc.array(tie('any'), { maxLength: 4 }),
  ),
})).any;
const document = fc.dictionary(name, value, { noNullPrototype: true }).map((doc) => ({ _id: 1, ...doc }));
const paths = fc.uniqueArray(
  fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
  { minLength: 1, maxLength: 4 },
);

describe('a projection on stored bytes', () => {
  it('finds what it would find in the whole document', () => {
    fc.assert(
      fc.property(document, paths, fc.boolean(), fc.boolean(), (doc, asked, including, withId) => {
        // A path and one below it cannot both be asked for.
        const apart = asked.filter(
          (path) => !asked.some((other) => other !== path && `${path}.`.startsWith(`${other}.`)),
        );
        const spec: Doc = Object.fromEntries(apart.map((path) => [path, including ? 1 : 0]));
        if (!withId) spec._id = 0;
        const bytes = encode(doc);
        const whole = compileProjection(spec, 'find')?.(decode(bytes));
        const part = compileFoundProjection(spec, undefined)?.(new LazyFound(1, bytes, false, undefined));
        expect(part).to.deep.equal(whole);
        expect(JSON.stringify(part)).to.equal(JSON.stringify(whole), 'in the same order');
      }),
      { numRuns: 400 },
    );
  });

  it('skips what is left out, whatever its type, and leaves other types to the library', () => {
    const field = (name: string, rule: 'include' | Kept) => ({ name, bytes: Buffer.from(name), rule });
    const kept: Kept = {
      including: true,
      fields: [
        field('_id', 'include'),
        field('answers', { including: true, fields: [field('n', 'include')] }),
      ],
    };
    const answers = [{ n: 1, text: 'x' }, 5, [{ n: 2 }], { price: Decimal128.fromString('1.10') }];
    expect(decodePart(encode({ _id: 1, text: 'long '.repeat(100), answers }), kept)).to.deep.equal({
      _id: 1,
      answers: [{ n: 1 }, [{ n: 2 }], {}],
    });
    const unread = [Decimal128.fromString('1.10'), Long.fromString('9007199254740993'), /expr/i];
    for (const n of unread)
      expect(decodePart(encode({ _id: 1, answers: [{ n }] }), kept)).to.equal(undefined);
  });
});
