import { expect } from 'chai';
import {
  createMaterialLists,
  type MaterialEntry,
  type MaterialQuery,
} from '../../../src/features/directory/materials/material-lists.js';
import { searchedTerms, searchTerms } from '../../../src/shared/search-terms.js';

const TITLES = [
  'Квадратные уравнения',
  'План сочинения',
  'Формулы физики',
  'Уравнение прямой',
  'Опыты по химии',
];
const TOPICS = ['Алгебра', '', 'Физика'];
const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length]!;

const entryOf = (number: number): MaterialEntry => ({
  id: `id-${String(number).padStart(4, '0')}`,
  key: `key-${number}`,
  cardId: `card-${number % 4}`,
  audience: number % 3 === 0 ? 'students' : 'public',
  topic: at(TOPICS, number),
  // Some are of the same moment.
  updatedAt: new Date(1_000 * (number >> 1)),
  searchTerms: searchTerms(at(TITLES, number), `задание ${number}`),
});

/** The rule of lists, tried on every entry. */
function foundByTryingAll(entries: readonly MaterialEntry[], query: MaterialQuery): MaterialEntry[] {
  const terms = searchedTerms(query.text);
  return entries
    .filter(
      ({ audience, topic, cardId, searchTerms: stems }) =>
        query.audiences.includes(audience) &&
        (query.topic === undefined || topic === query.topic) &&
        (query.cardIds === undefined || query.cardIds.has(cardId)) &&
        (terms === null ||
          (terms.whole.every((stem) => stems.includes(stem)) &&
            stems.some((stem) => stem === terms.last.stem || stem.startsWith(terms.last.beginning)))),
    )
    .sort((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime() || (a.id < b.id ? -1 : 1));
}

const BOTH = ['public', 'students'] as const;
const CARDS = new Set(['card-1', 'card-2']);
const QUERIES: readonly MaterialQuery[] = [
  { audiences: ['public'], text: '' },
  { audiences: BOTH, text: '', topic: 'Физика' },
  { audiences: ['public'], text: '', cardIds: CARDS },
  ...['уравнениями', 'уравн', 'задания формул', 'план', 'з', 'задание 7', 'нет такого'].map((text) => ({
    audiences: BOTH,
    text,
    cardIds: CARDS,
  })),
  { audiences: ['public'], text: 'уравнение', topic: 'Алгебра', cardIds: new Set(['card-3']) },
];

describe('directory: lists of materials in memory', () => {
  it('find what trying every material finds, the newest first, also after changes and removals', () => {
    const lists = createMaterialLists();
    const entries = new Map<string, MaterialEntry>();
    const put = (entry: MaterialEntry): void => {
      entries.set(entry.id, entry);
      lists.put(entry);
    };
    const check = (): void => {
      for (const query of QUERIES) {
        const all = foundByTryingAll([...entries.values()], query);
        const ids = all.map(({ id }) => id);
        expect(lists.find(query, 0, 1_000), JSON.stringify(query)).to.deep.equal({ ids, total: all.length });
        expect(lists.find(query, 3, 2).ids).to.deep.equal(ids.slice(3, 5));
        expect(lists.keys(query)).to.deep.equal(all.map(({ key }) => key));
        const whole = foundByTryingAll([...entries.values()], { ...query, text: '', topic: undefined });
        expect(lists.topics(query)).to.have.members(
          [...new Set(whole.map(({ topic }) => topic))].filter((topic) => topic !== ''),
        );
      }
    };
    for (let number = 0; number < 100; number += 1) put(entryOf((number * 37) % 100));
    check();
    for (let number = 0; number < 100; number += 9)
      put({ ...entryOf(number + 1), id: entryOf(number).id, topic: 'Химия' });
    check();
    for (let number = 0; number < 100; number += 4) {
      lists.forget(entryOf(number).id);
      entries.delete(entryOf(number).id);
    }
    check();
    const left = new Set([...entries.keys()].slice(0, 20));
    lists.keepOnly(left);
    for (const id of [...entries.keys()]) if (!left.has(id)) entries.delete(id);
    check();
  });
});
