import { expect } from 'chai';
import { Types } from 'mongoose';
import { bson } from './bson.js';
import { contract, failure, type Doc } from './support.js';

const { Decimal128 } = bson;
const at = (text: string): Date => new Date(text);

interface PipelineCase {
  readonly title: string;
  readonly docs: readonly Doc[];
  readonly pipeline: Doc[];
  readonly gives: readonly Doc[];
}

const SALES: Doc[] = [
  { item: 'a', n: 2, price: 10, tags: ['x', 'y'] },
  { item: 'b', n: 1, price: 20, tags: ['y'] },
  { item: 'a', n: 5, price: 5, tags: [] },
  { item: 'c', n: 3, price: 8 },
];
const byId = { $sort: { _id: 1 } };

const PIPELINES: readonly PipelineCase[] = [
  { title: 'nothing', docs: [{ a: 1 }], pipeline: [], gives: [{ _id: 0, a: 1 }] },
  {
    title: '$match, $sort, $skip, $limit',
    docs: SALES,
    pipeline: [
      { $match: { n: { $gt: 1 } } },
      { $sort: { n: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { n: 1 } },
    ],
    gives: [{ _id: 3, n: 3 }],
  },
  {
    title: '$limit before $skip',
    docs: SALES,
    pipeline: [byId, { $limit: 2 }, { $skip: 1 }, { $project: { item: 1 } }],
    gives: [{ _id: 1, item: 'b' }],
  },
  {
    title: '$group with $sum',
    docs: SALES,
    pipeline: [{ $group: { _id: '$item', n: { $sum: '$n' } } }, byId],
    gives: [
      { _id: 'a', n: 7 },
      { _id: 'b', n: 1 },
      { _id: 'c', n: 3 },
    ],
  },
  {
    title: '$group counting',
    docs: SALES,
    pipeline: [{ $group: { _id: '$item', n: { $sum: 1 }, m: { $count: {} } } }, byId, { $limit: 1 }],
    gives: [{ _id: 'a', n: 2, m: 2 }],
  },
  {
    title: '$group of all',
    docs: SALES,
    pipeline: [
      {
        $group: {
          _id: null,
          n: { $sum: '$n' },
          avg: { $avg: '$n' },
          min: { $min: '$price' },
          max: { $max: '$price' },
        },
      },
    ],
    gives: [{ _id: null, n: 11, avg: 2.75, min: 5, max: 20 }],
  },
  { title: '$group of nothing', docs: [], pipeline: [{ $group: { _id: null, n: { $sum: 1 } } }], gives: [] },
  {
    title: '$group with a product',
    docs: SALES,
    pipeline: [{ $group: { _id: null, total: { $sum: { $multiply: ['$n', '$price'] } } } }],
    gives: [{ _id: null, total: 89 }],
  },
  {
    title: '$group with $push, $first, $last',
    docs: SALES,
    pipeline: [
      byId,
      { $group: { _id: '$item', all: { $push: '$n' }, first: { $first: '$n' }, last: { $last: '$n' } } },
      byId,
      { $limit: 1 },
    ],
    gives: [{ _id: 'a', all: [2, 5], first: 2, last: 5 }],
  },
  {
    title: '$push leaves missing out',
    docs: [{ a: 1 }, {}, { a: null }],
    pipeline: [byId, { $group: { _id: null, all: { $push: '$a' } } }],
    gives: [{ _id: null, all: [1, null] }],
  },
  {
    title: '$addToSet',
    docs: [{ a: 1 }, { a: 1 }, {}],
    pipeline: [{ $group: { _id: null, all: { $addToSet: '$a' } } }],
    gives: [{ _id: null, all: [1] }],
  },
  {
    title: '$sum ignores what is no number',
    docs: [{ a: 1 }, { a: 'x' }, {}, { a: null }],
    pipeline: [{ $group: { _id: null, s: { $sum: '$a' }, v: { $avg: '$a' } } }],
    gives: [{ _id: null, s: 1, v: 1 }],
  },
  {
    title: '$avg of nothing is null',
    docs: [{}],
    pipeline: [{ $group: { _id: null, v: { $avg: '$a' }, s: { $sum: '$a' }, m: { $max: '$a' } } }],
    gives: [{ _id: null, v: null, s: 0, m: null }],
  },
  {
    title: '$sum of decimals',
    docs: [{ a: Decimal128.fromString('0.1') }, { a: Decimal128.fromString('0.2') }],
    pipeline: [{ $group: { _id: null, s: { $sum: '$a' } } }],
    gives: [{ _id: null, s: Decimal128.fromString('0.3') }],
  },
  {
    title: '$group by null and missing together',
    docs: [{ a: null }, {}, { a: 1 }],
    pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }, byId],
    gives: [
      { _id: null, n: 2 },
      { _id: 1, n: 1 },
    ],
  },
  {
    title: '$group by several',
    docs: [
      { a: 1, b: 1 },
      { a: 1, b: 1 },
      { a: 1, b: 2 },
    ],
    pipeline: [{ $group: { _id: { a: '$a', b: '$b' }, n: { $sum: 1 } } }, { $sort: { '_id.b': 1 } }],
    gives: [
      { _id: { a: 1, b: 1 }, n: 2 },
      { _id: { a: 1, b: 2 }, n: 1 },
    ],
  },
  {
    title: '$group by equal numbers of two types',
    docs: [{ a: 1 }, { a: Decimal128.fromString('1') }],
    pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }, { $project: { _id: 0, n: 1 } }],
    gives: [{ n: 2 }],
  },
  {
    title: '$group by ObjectIds',
    docs: [{ a: new Types.ObjectId('0'.repeat(24)) }, { a: new Types.ObjectId('0'.repeat(24)) }],
    pipeline: [{ $group: { _id: '$a', n: { $sum: 1 } } }, { $project: { _id: 0, n: 1 } }],
    gives: [{ n: 2 }],
  },
  {
    title: '$stdDevPop and $stdDevSamp',
    docs: [{ a: 2 }, { a: 4 }, { a: 4 }, { a: 6 }],
    pipeline: [{ $group: { _id: null, p: { $stdDevPop: '$a' } } }],
    gives: [{ _id: null, p: Math.SQRT2 }],
  },
  {
    title: '$topN',
    docs: SALES,
    pipeline: [{ $group: { _id: null, top: { $topN: { n: 2, sortBy: { n: -1 }, output: '$n' } } } }],
    gives: [{ _id: null, top: [5, 3] }],
  },
  {
    title: '$unwind',
    docs: [{ a: [1, 2] }, { a: [] }, { a: 3 }, {}],
    pipeline: [{ $unwind: '$a' }, { $sort: { a: 1 } }],
    gives: [
      { _id: 0, a: 1 },
      { _id: 0, a: 2 },
      { _id: 2, a: 3 },
    ],
  },
  {
    title: '$unwind keeping empty ones, with positions',
    docs: [{ a: ['x'] }, { a: [] }, { a: 3 }],
    pipeline: [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } }, byId],
    gives: [
      { _id: 0, a: 'x', i: 0 },
      { _id: 1, i: null },
      { _id: 2, a: 3, i: null },
    ],
  },
  {
    title: '$unwind a nested array',
    docs: [{ a: { b: [1, 2], c: 0 } }],
    pipeline: [{ $unwind: '$a.b' }],
    gives: [
      { _id: 0, a: { b: 1, c: 0 } },
      { _id: 0, a: { b: 2, c: 0 } },
    ],
  },
  {
    title: '$project with inclusion and computing',
    docs: [{ a: 1, b: 2, c: 3 }],
    pipeline: [{ $project: { a: 1, sum: { $add: ['$b', '$c'] } } }],
    gives: [{ _id: 0, a: 1, sum: 5 }],
  },
  {
    title: '$project with exclusion',
    docs: [{ a: 1, b: 2 }],
    pipeline: [{ $project: { a: 0 } }],
    gives: [{ _id: 0, b: 2 }],
  },
  {
    title: '$addFields',
    docs: [{ a: { b: 1 } }],
    pipeline: [{ $addFields: { 'a.c': 2, d: '$a.b', e: '$nope' } }],
    gives: [{ _id: 0, a: { b: 1, c: 2 }, d: 1 }],
  },
  {
    title: '$addFields below an array',
    docs: [{ a: [{ b: 1 }, { b: 2 }] }],
    pipeline: [{ $addFields: { 'a.c': 0 } }],
    gives: [
      {
        _id: 0,
        a: [
          { b: 1, c: 0 },
          { b: 2, c: 0 },
        ],
      },
    ],
  },
  {
    title: '$set and $unset',
    docs: [{ a: 1, b: 2, c: { d: 1, e: 2 } }],
    pipeline: [{ $set: { a: 9 } }, { $unset: ['b', 'c.d'] }],
    gives: [{ _id: 0, a: 9, c: { e: 2 } }],
  },
  {
    title: '$set to $$REMOVE',
    docs: [{ a: 1, b: 2 }],
    pipeline: [{ $set: { a: '$$REMOVE' } }],
    gives: [{ _id: 0, b: 2 }],
  },
  {
    title: '$replaceRoot',
    docs: [{ a: { b: 1 } }],
    pipeline: [{ $replaceRoot: { newRoot: '$a' } }],
    gives: [{ b: 1 }],
  },
  {
    title: '$replaceWith',
    docs: [{ a: { b: 1 } }],
    pipeline: [{ $replaceWith: { $mergeObjects: ['$a', { c: 2 }] } }],
    gives: [{ b: 1, c: 2 }],
  },
  { title: '$count', docs: SALES, pipeline: [{ $match: { item: 'a' } }, { $count: 'n' }], gives: [{ n: 2 }] },
  {
    title: '$count of nothing',
    docs: SALES,
    pipeline: [{ $match: { item: 'z' } }, { $count: 'n' }],
    gives: [],
  },
  {
    title: '$sortByCount',
    docs: SALES,
    pipeline: [{ $unwind: '$tags' }, { $sortByCount: '$tags' }],
    gives: [
      { _id: 'y', count: 2 },
      { _id: 'x', count: 1 },
    ],
  },
  {
    title: '$facet',
    docs: SALES,
    pipeline: [
      {
        $facet: {
          n: [{ $count: 'n' }],
          big: [{ $match: { n: { $gt: 2 } } }, { $project: { _id: 1 } }, byId],
        },
      },
    ],
    gives: [{ n: [{ n: 4 }], big: [{ _id: 2 }, { _id: 3 }] }],
  },
  {
    title: '$bucket',
    docs: SALES,
    pipeline: [
      {
        $bucket: { groupBy: '$price', boundaries: [0, 10, 20], default: 'more', output: { n: { $sum: 1 } } },
      },
    ],
    gives: [
      { _id: 0, n: 2 },
      { _id: 10, n: 1 },
      { _id: 'more', n: 1 },
    ],
  },
  {
    title: '$match after $group',
    docs: SALES,
    pipeline: [{ $group: { _id: '$item', n: { $sum: '$n' } } }, { $match: { n: { $gte: 3 } } }, byId],
    gives: [
      { _id: 'a', n: 7 },
      { _id: 'c', n: 3 },
    ],
  },
];

interface ExpressionCase {
  readonly expression: unknown;
  readonly doc?: Doc;
  /** undefined: the field is left out. */
  readonly gives: unknown;
}

const MOSCOW = 'Europe/Moscow';
const BERLIN = 'Europe/Berlin';
const NIGHT = at('2026-03-01T22:30:15.123Z');

const EXPRESSIONS: readonly ExpressionCase[] = [
  { expression: { $add: [1, 2.5] }, gives: 3.5 },
  { expression: { $add: [at('2026-01-01T00:00:00Z'), 1000] }, gives: at('2026-01-01T00:00:01Z') },
  { expression: { $add: ['$a', 1] }, gives: null },
  { expression: { $subtract: [at('2026-01-02T00:00:00Z'), at('2026-01-01T00:00:00Z')] }, gives: 86_400_000 },
  { expression: { $multiply: [2, 3, 4] }, gives: 24 },
  { expression: { $divide: [1, 4] }, gives: 0.25 },
  { expression: { $mod: [-7, 3] }, gives: -1 },
  { expression: { $round: [2.5] }, gives: 2 },
  { expression: { $round: [3.5] }, gives: 4 },
  { expression: { $round: [2.675, 2] }, gives: 2.67 },
  { expression: { $round: [1234.5, -2] }, gives: 1200 },
  { expression: { $trunc: [-2.7] }, gives: -2 },
  { expression: { $ceil: -1.5 }, gives: -1 },
  { expression: { $floor: -1.5 }, gives: -2 },
  { expression: { $abs: -3 }, gives: 3 },
  { expression: { $pow: [2, 10] }, gives: 1024 },
  { expression: { $sqrt: 16 }, gives: 4 },
  { expression: { $eq: ['$missing', null] }, gives: false },
  { expression: { $gt: [null, '$missing'] }, gives: true },
  { expression: { $lt: [5, 'a'] }, gives: true },
  { expression: { $cmp: ['b', 'a'] }, gives: 1 },
  { expression: { $and: [1, 'x', true] }, gives: true },
  { expression: { $and: [] }, gives: true },
  { expression: { $or: [0, null, '$missing'] }, gives: false },
  { expression: { $not: ['$missing'] }, gives: true },
  { expression: { $not: [''] }, gives: false },
  { expression: { $cond: [{ $gte: ['$n', 5] }, 'big', 'small'] }, doc: { n: 5 }, gives: 'big' },
  { expression: { $cond: { if: false, then: 1, else: 2 } }, gives: 2 },
  { expression: { $ifNull: ['$missing', null, 'x'] }, gives: 'x' },
  {
    expression: {
      $switch: {
        branches: [
          { case: { $lt: ['$n', 5] }, then: 'low' },
          { case: { $lt: ['$n', 9] }, then: 'mid' },
        ],
        default: 'high',
      },
    },
    doc: { n: 7 },
    gives: 'mid',
  },
  {
    expression: { $let: { vars: { x: 2, y: '$n' }, in: { $multiply: ['$$x', '$$y'] } } },
    doc: { n: 4 },
    gives: 8,
  },
  { expression: { $literal: '$n' }, gives: '$n' },
  { expression: '$a.b', doc: { a: [{ b: 1 }, { c: 2 }, { b: 3 }] }, gives: [1, 3] },
  { expression: '$a.b.c', doc: { a: { b: { c: 1 } } }, gives: 1 },
  { expression: '$a.0', doc: { a: [1] }, gives: [] },
  { expression: { x: '$n', y: '$missing' }, doc: { n: 1 }, gives: { x: 1 } },
  { expression: ['$n', '$missing'], doc: { n: 1 }, gives: [1, null] },
  { expression: '$missing', gives: undefined },
  { expression: { $arrayElemAt: [[1, 2, 3], -1] }, gives: 3 },
  { expression: { $arrayElemAt: [[1], 5] }, gives: undefined },
  { expression: { $first: '$l' }, doc: { l: [7, 8] }, gives: 7 },
  { expression: { $last: '$l' }, doc: { l: [7, 8] }, gives: 8 },
  { expression: { $size: '$l' }, doc: { l: [7, 8] }, gives: 2 },
  {
    expression: { $filter: { input: '$l', as: 'x', cond: { $gt: ['$$x', 1] } } },
    doc: { l: [1, 2, 3] },
    gives: [2, 3],
  },
  {
    expression: { $filter: { input: '$l', cond: { $gt: ['$$this', 1] }, limit: 1 } },
    doc: { l: [1, 2, 3] },
    gives: [2],
  },
  {
    expression: { $map: { input: '$l', as: 'x', in: { $add: ['$$x', '$n'] } } },
    doc: { l: [1, 2], n: 10 },
    gives: [11, 12],
  },
  { expression: { $map: { input: '$l', in: '$$this.a' } }, doc: { l: [{ a: 1 }, {}] }, gives: [1, null] },
  {
    expression: { $reduce: { input: ['a', 'b'], initialValue: '', in: { $concat: ['$$value', '$$this'] } } },
    gives: 'ab',
  },
  { expression: { $in: [2, [1, 2]] }, gives: true },
  { expression: { $indexOfArray: [['a', 'b'], 'b'] }, gives: 1 },
  { expression: { $isArray: ['$l'] }, doc: { l: [] }, gives: true },
  { expression: { $concatArrays: [[1], [2, 3]] }, gives: [1, 2, 3] },
  { expression: { $concatArrays: [[1], '$missing'] }, gives: null },
  { expression: { $slice: [[1, 2, 3], -2] }, gives: [2, 3] },
  { expression: { $slice: [[1, 2, 3], 1, 1] }, gives: [2] },
  { expression: { $range: [0, 10, 3] }, gives: [0, 3, 6, 9] },
  { expression: { $reverseArray: [[1, 2]] }, gives: [2, 1] },
  { expression: { $sortArray: { input: [3, 1, 2], sortBy: 1 } }, gives: [1, 2, 3] },
  {
    expression: { $sortArray: { input: [{ a: 1 }, { a: 2 }], sortBy: { a: -1 } } },
    gives: [{ a: 2 }, { a: 1 }],
  },
  {
    expression: {
      $setIntersection: [
        [1, 2, 2],
        [2, 3],
      ],
    },
    gives: [2],
  },
  { expression: { $setDifference: [[1, 2], [2]] }, gives: [1] },
  {
    expression: {
      $setEquals: [
        [1, 2],
        [2, 1, 1],
      ],
    },
    gives: true,
  },
  { expression: { $setIsSubset: [[1], [1, 2]] }, gives: true },
  { expression: { $anyElementTrue: [[0, 1]] }, gives: true },
  { expression: { $sum: ['$l', 5] }, doc: { l: [1, 2] }, gives: 5 },
  { expression: { $sum: '$l' }, doc: { l: [1, 2] }, gives: 3 },
  { expression: { $max: [1, 5, null] }, gives: 5 },
  { expression: { $avg: '$l' }, doc: { l: [1, 2] }, gives: 1.5 },
  { expression: { $mergeObjects: [{ a: 1, b: 1 }, null, { b: 2 }] }, gives: { a: 1, b: 2 } },
  { expression: { $objectToArray: { a: 1 } }, gives: [{ k: 'a', v: 1 }] },
  { expression: { $arrayToObject: [[{ k: 'a', v: 1 }]] }, gives: { a: 1 } },
  { expression: { $getField: { field: 'a', input: { a: 5 } } }, gives: 5 },
  { expression: { $concat: ['a', 'б', 'c'] }, gives: 'aбc' },
  { expression: { $concat: ['a', null] }, gives: null },
  // MongoDB says what becomes of ASCII alone.
  { expression: { $toUpper: 'abC1' }, gives: 'ABC1' },
  { expression: { $toLower: null }, gives: '' },
  { expression: { $strLenCP: 'Яn😀' }, gives: 3 },
  { expression: { $substrCP: ['Привет', 1, 3] }, gives: 'рив' },
  { expression: { $indexOfCP: ['Привет', 'вет'] }, gives: 3 },
  { expression: { $split: ['a-b-c', '-'] }, gives: ['a', 'b', 'c'] },
  { expression: { $trim: { input: '  x ' } }, gives: 'x' },
  { expression: { $ltrim: { input: 'xxa', chars: 'x' } }, gives: 'a' },
  { expression: { $regexMatch: { input: 'Привет', regex: '^прив', options: 'i' } }, gives: true },
  { expression: { $replaceAll: { input: 'a.b.c', find: '.', replacement: '-' } }, gives: 'a-b-c' },
  { expression: { $toString: 5.5 }, gives: '5.5' },
  { expression: { $toString: at('2026-01-01T00:00:00Z') }, gives: '2026-01-01T00:00:00.000Z' },
  { expression: { $toInt: '42' }, gives: 42 },
  { expression: { $toDouble: true }, gives: 1 },
  { expression: { $toBool: 'false' }, gives: true },
  { expression: { $toDate: 1_700_000_000_000 }, gives: new Date(1_700_000_000_000) },
  {
    expression: { $toObjectId: 'aaaaaaaaaaaaaaaaaaaaaaaa' },
    gives: new Types.ObjectId('aaaaaaaaaaaaaaaaaaaaaaaa'),
  },
  { expression: { $type: '$l' }, doc: { l: [1] }, gives: 'array' },
  { expression: { $type: '$missing' }, gives: 'missing' },
  { expression: { $year: '$d' }, doc: { d: NIGHT }, gives: 2026 },
  { expression: { $dayOfMonth: { date: '$d', timezone: MOSCOW } }, doc: { d: NIGHT }, gives: 2 },
  { expression: { $hour: { date: '$d', timezone: '+03:00' } }, doc: { d: NIGHT }, gives: 1 },
  { expression: { $month: '$missing' }, gives: null },
  { expression: { $dayOfWeek: '$d' }, doc: { d: NIGHT }, gives: 1 },
  { expression: { $isoDayOfWeek: '$d' }, doc: { d: NIGHT }, gives: 7 },
  { expression: { $dayOfYear: '$d' }, doc: { d: NIGHT }, gives: 60 },
  { expression: { $week: at('2026-01-04T00:00:00Z') }, gives: 1 },
  { expression: { $week: at('2026-01-03T00:00:00Z') }, gives: 0 },
  { expression: { $isoWeek: at('2027-01-01T00:00:00Z') }, gives: 53 },
  { expression: { $isoWeekYear: at('2027-01-01T00:00:00Z') }, gives: 2026 },
  { expression: { $dateToString: { date: '$d' } }, doc: { d: NIGHT }, gives: '2026-03-01T22:30:15.123Z' },
  {
    expression: { $dateToString: { date: '$d', format: '%Y-%m-%d', timezone: MOSCOW } },
    doc: { d: NIGHT },
    gives: '2026-03-02',
  },
  {
    expression: { $dateToString: { date: '$d', format: '%H:%M %z %j %G-W%V-%u' } },
    doc: { d: NIGHT },
    gives: '22:30 +0000 060 2026-W09-7',
  },
  { expression: { $dateToString: { date: '$missing', onNull: 'never' } }, gives: 'never' },
  {
    expression: { $dateTrunc: { date: '$d', unit: 'day', timezone: MOSCOW } },
    doc: { d: NIGHT },
    gives: at('2026-03-01T21:00:00Z'),
  },
  {
    expression: { $dateTrunc: { date: '$d', unit: 'month' } },
    doc: { d: NIGHT },
    gives: at('2026-03-01T00:00:00Z'),
  },
  {
    expression: { $dateTrunc: { date: '$d', unit: 'week', startOfWeek: 'monday' } },
    doc: { d: NIGHT },
    gives: at('2026-02-23T00:00:00Z'),
  },
  {
    expression: { $dateTrunc: { date: '$d', unit: 'hour' } },
    doc: { d: NIGHT },
    gives: at('2026-03-01T22:00:00Z'),
  },
  {
    expression: { $dateTrunc: { date: '$d', unit: 'minute', binSize: 15 } },
    doc: { d: NIGHT },
    gives: at('2026-03-01T22:30:00Z'),
  },
  {
    expression: { $dateTrunc: { date: '$d', unit: 'quarter' } },
    doc: { d: NIGHT },
    gives: at('2026-01-01T00:00:00Z'),
  },
  {
    expression: { $dateAdd: { startDate: at('2026-01-31T10:00:00Z'), unit: 'month', amount: 1 } },
    gives: at('2026-02-28T10:00:00Z'),
  },
  {
    expression: {
      $dateAdd: { startDate: at('2026-03-28T12:00:00Z'), unit: 'day', amount: 1, timezone: BERLIN },
    },
    gives: at('2026-03-29T11:00:00Z'),
  },
  {
    expression: { $dateSubtract: { startDate: at('2026-01-01T00:00:00Z'), unit: 'hour', amount: 1 } },
    gives: at('2025-12-31T23:00:00Z'),
  },
  {
    expression: {
      $dateDiff: { startDate: at('2026-01-31T23:00:00Z'), endDate: at('2026-02-01T01:00:00Z'), unit: 'day' },
    },
    gives: 1,
  },
  {
    expression: {
      $dateDiff: { startDate: at('2025-12-31T00:00:00Z'), endDate: at('2026-01-01T00:00:00Z'), unit: 'year' },
    },
    gives: 1,
  },
  {
    expression: {
      $dateDiff: {
        startDate: at('2026-01-01T21:30:00Z'),
        endDate: at('2026-01-02T20:00:00Z'),
        unit: 'day',
        timezone: MOSCOW,
      },
    },
    gives: 0,
  },
  {
    expression: { $dateToParts: { date: NIGHT, timezone: MOSCOW } },
    gives: { year: 2026, month: 3, day: 2, hour: 1, minute: 30, second: 15, millisecond: 123 },
  },
  {
    expression: { $dateFromParts: { year: 2026, month: 3, day: 2, hour: 1, timezone: MOSCOW } },
    gives: at('2026-03-01T22:00:00Z'),
  },
];

contract('aggregation', (bench) => {
  for (const { title, docs, pipeline, gives } of PIPELINES) {
    it(title, async () => {
      const collection = await bench.collection(docs);
      expect(await collection.aggregate(pipeline).toArray()).to.deep.equal(gives);
    });
  }

  for (const { expression, doc = {}, gives } of EXPRESSIONS) {
    it(JSON.stringify(expression).slice(0, 100), async () => {
      const collection = await bench.collection([doc]);
      const [result] = await collection.aggregate([{ $project: { _id: 0, value: expression } }]).toArray();
      expect(result).to.deep.equal(gives === undefined ? {} : { value: gives });
    });
  }

  it('returns $$NOW', async () => {
    const collection = await bench.collection([{}]);
    const [result] = await collection.aggregate([{ $project: { now: '$$NOW' } }]).toArray();
    expect(result?.now).to.be.instanceOf(Date);
  });

  it('samples without repetition', async () => {
    const collection = await bench.collection(Array.from({ length: 50 }, () => ({})));
    const sample = await collection.aggregate([{ $sample: { size: 20 } }]).toArray();
    expect(new Set(sample.map((doc) => doc._id)).size).to.equal(20);
    expect(await collection.aggregate([{ $sample: { size: 99 } }]).toArray()).to.have.length(50);
  });

  it('sorts under a collation', async () => {
    const collection = await bench.collection([{ a: 'ёж' }, { a: 'жук' }, { a: 'Ель' }]);
    const sorted = await collection
      .aggregate([{ $sort: { a: 1 } }], { collation: { locale: 'ru' } })
      .toArray();
    expect(sorted.map((doc) => doc._id)).to.deep.equal([0, 2, 1]);
  });

  it('reads more documents than one batch', async () => {
    const collection = await bench.collection(Array.from({ length: 5000 }, (_, n) => ({ n: n % 7 })));
    const groups = await collection.aggregate([{ $group: { _id: '$n', c: { $sum: 1 } } }, byId]).toArray();
    expect(groups.map(({ c }) => c as number).reduce((sum, c) => sum + c)).to.equal(5000);
    expect(groups).to.have.length(7);
  });

  const REFUSED: readonly { title: string; pipeline: Doc[] }[] = [
    { title: 'an unknown stage', pipeline: [{ $nope: 1 }] },
    { title: 'a stage of two', pipeline: [{ $match: {}, $limit: 1 }] },
    { title: '$group without _id', pipeline: [{ $group: { n: { $sum: 1 } } }] },
    { title: 'division by zero', pipeline: [{ $project: { x: { $divide: [1, 0] } } }] },
    { title: '$size of what is no array', pipeline: [{ $project: { x: { $size: '$nope' } } }] },
    { title: 'an undefined variable', pipeline: [{ $project: { x: '$$nope' } }] },
    { title: '$limit 0', pipeline: [{ $limit: 0 }] },
    { title: '$concat of a number', pipeline: [{ $project: { x: { $concat: ['a', 1] } } }] },
    { title: '$arrayElemAt of what is no array', pipeline: [{ $project: { x: { $arrayElemAt: [5, 0] } } }] },
    {
      title: 'an unknown time zone',
      pipeline: [{ $project: { x: { $hour: { date: '$$NOW', timezone: 'Nowhere/Land' } } } }],
    },
  ];
  for (const { title, pipeline } of REFUSED) {
    it(`refuses ${title}`, async () => {
      const collection = await bench.collection([{ a: 1 }]);
      const error = await failure(() => collection.aggregate(pipeline).toArray());
      expect(error.name).to.equal('MongoServerError');
    });
  }
});
