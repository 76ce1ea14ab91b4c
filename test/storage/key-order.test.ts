import { expect } from 'chai';
import { mongo, Types } from 'mongoose';
import { compareValues } from '../../src/storage/embedded/compare.js';
import { encodeKey, encodeStringPrefix, encodeValue } from '../../src/storage/embedded/key.js';
import { seeded } from './support.js';

const { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, Timestamp } = mongo;
const decimal = (text: string): unknown => Decimal128.fromString(text);

/** In MongoDB's order; values of one inner list are equal. */
const ORDERED: readonly (readonly unknown[])[] = [
  [new MinKey()],
  [null, undefined],
  [NaN, decimal('NaN')],
  [-Infinity, decimal('-Infinity')],
  [decimal('-9E+6000')],
  [-Number.MAX_VALUE],
  [Long.fromString('-9223372036854775808'), -9223372036854775808],
  [Long.fromString('-9007199254740993')],
  [Long.fromString('-9007199254740992'), -9007199254740992],
  [-1.5, decimal('-1.50')],
  [-1, new Int32(-1), decimal('-1')],
  [decimal('-0.1')],
  [-1e-300],
  [-Number.MIN_VALUE],
  [decimal('-1E-6000')],
  [0, -0, new Double(-0), decimal('0'), decimal('-0.00'), Long.ZERO],
  [decimal('1E-6176')],
  [Number.MIN_VALUE],
  [decimal('0.1')],
  [0.1, new Double(0.1)],
  [decimal('0.1000000000000000055511151231257828')],
  [1, new Int32(1), new Double(1), Long.ONE, decimal('1.0'), 1n],
  [decimal('1.000000000000000000000000000000001')],
  [1 + Number.EPSILON],
  [2 ** 31],
  [2 ** 53, Long.fromString('9007199254740992')],
  [Long.fromString('9007199254740993')],
  [2 ** 53 + 2, decimal('9007199254740994')],
  [Long.fromString('9223372036854775807')],
  [2 ** 63],
  [Number.MAX_VALUE],
  [decimal('1E+400')],
  [decimal('9.99E+6000')],
  [Infinity, decimal('Infinity')],
  [''],
  ['\0'],
  ['\0a'],
  ['\x01'],
  ['\x02'],
  ['A'],
  ['a'],
  ['a\0'],
  ['a\0b'],
  ['a\x01'],
  ['aa'],
  ['b'],
  ['Я'],
  ['я'],
  ['я1'],
  ['\uD7FF'],
  ['\uE000'],
  ['\uFFFD'],
  ['\u{10000}'],
  ['\u{1F600}'],
  [{}],
  [{ a: 1 }],
  [{ a: 1, b: 0 }],
  [{ a: 2 }],
  [{ b: 1 }],
  [{ a: 'x' }],
  [{ a: { b: 1 } }],
  [[]],
  [[null]],
  [[1]],
  [[1, 2]],
  [[2]],
  [['a']],
  [[[1]]],
  [new Binary(Buffer.alloc(0))],
  [new Binary(Buffer.from('b'))],
  [new Binary(Buffer.from('aa')), Buffer.from('aa')],
  [new Binary(Buffer.from('aa'), 5)],
  [new Types.ObjectId('000000000000000000000000')],
  [new Types.ObjectId('0000000000000000000000ff')],
  [new Types.ObjectId('ffffffffffffffffffffffff')],
  [false],
  [true],
  [new Date(-62135596800000)],
  [new Date(-1)],
  [new Date(0)],
  [new Date(1_700_000_000_000)],
  [new Timestamp({ t: 0, i: 1 })],
  [new Timestamp({ t: 1, i: 0 })],
  [new Timestamp({ t: 4_000_000_000, i: 0 })],
  [/a/],
  [/a/i],
  [/b/],
  [new MaxKey()],
];

const shown = (value: unknown): string =>
  typeof value === 'bigint' ? `${value}n` : value === undefined ? 'missing' : JSON.stringify(value);

describe('index keys', () => {
  const values = ORDERED.flatMap((group, rank) => group.map((value) => ({ value, rank })));

  it('are ordered by their bytes as MongoDB orders the values', () => {
    for (const a of values) {
      for (const b of values) {
        const wanted = Math.sign(a.rank - b.rank);
        const pair = `${shown(a.value)} and ${shown(b.value)}`;
        expect(Math.sign(compareValues(a.value, b.value)), `${pair} compared`).to.equal(wanted);
        const order = Buffer.compare(encodeValue(a.value), encodeValue(b.value));
        expect(Math.sign(order), `${pair} encoded`).to.equal(wanted);
      }
    }
  });

  it('are in reverse order when descending', () => {
    for (const a of values) {
      for (const b of values) {
        const order = Buffer.compare(encodeKey([a.value], [true]), encodeKey([b.value], [true]));
        expect(Math.sign(order), `${shown(a.value)} and ${shown(b.value)}`).to.equal(
          Math.sign(b.rank - a.rank),
        );
      }
    }
  });

  it('are ordered by the first field, then by the second, each in its direction', () => {
    const some = values.filter((_, i) => i % 7 === 0);
    for (const [x, y] of [
      [false, false],
      [false, true],
      [true, false],
    ] as const) {
      for (const a of some) {
        for (const b of some) {
          for (const c of some) {
            const left = encodeKey([a.value, b.value], [x, y]);
            const right = encodeKey([a.value, c.value], [x, y]);
            const wanted = Math.sign(b.rank - c.rank) * (y ? -1 : 1);
            expect(Math.sign(Buffer.compare(left, right))).to.equal(wanted === 0 ? 0 : wanted);
            if (a.rank === c.rank) continue;
            const other = encodeKey([c.value, b.value], [x, y]);
            expect(Math.sign(Buffer.compare(left, other))).to.equal(
              Math.sign(a.rank - c.rank) * (x ? -1 : 1),
            );
          }
        }
      }
    }
  });

  it('never begin with FF, and none is a prefix of another', () => {
    for (const descending of [false, true]) {
      const keys = values.map(({ value, rank }) => ({ key: encodeKey([value], [descending]), rank }));
      for (const { key, rank } of keys) {
        expect(key[0]).to.be.below(0xff);
        for (const other of keys) {
          if (other.rank === rank) continue;
          expect(other.key.subarray(0, key.length).equals(key)).to.equal(false);
        }
      }
    }
  });

  it('agree with numeric order for doubles, longs and decimals at random', () => {
    const random = seeded(7);
    const number = (): unknown => {
      const base = (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
      const kind = Math.floor(random() * 3);
      if (kind === 0) return base;
      if (kind === 1) return Long.fromBigInt(BigInt(Math.trunc(base)) + BigInt(Math.floor(random() * 5)));
      return Decimal128.fromStringWithRounding(base.toString() + (base.toString().includes('e') ? '' : '1'));
    };
    for (let i = 0; i < 5000; i++) {
      const [a, b] = [number(), number()];
      const order = Math.sign(Buffer.compare(encodeValue(a), encodeValue(b)));
      expect(order, `${shown(a)} and ${shown(b)}`).to.equal(Math.sign(compareValues(a, b)));
    }
  });

  it('of strings begin with the bytes of their beginning', () => {
    for (const text of ['Иванов', 'a\0b', 'x']) {
      for (let i = 1; i <= text.length; i++) {
        const prefix = encodeStringPrefix(text.slice(0, i));
        expect(encodeValue(text).subarray(0, prefix.length).equals(prefix)).to.equal(true);
      }
    }
  });
});
