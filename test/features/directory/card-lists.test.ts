import { expect } from 'chai';
import { createCardLists, type Entry } from '../../../src/features/directory/cards/card-lists.js';
import type { CardQuery } from '../../../src/features/directory/cards/cards.store.js';
import { nameKey, searchable, searchWords } from '../../../src/features/directory/cards/search-words.js';

const SURNAMES = ['Соколова', 'Ёлкина', 'Ким', "О'Нил", 'Бонч-Бруевич', 'Ли', 'Кимов', 'Елагина'];
const NAMES = ['Елена', 'Анна', 'Пётр'];
const SUBJECTS = [['Русский язык'], ['Химия', 'Физика'], []];
const VISIBILITIES = ['public', 'students', 'staff'] as const;
const at = <Item>(items: readonly Item[], index: number): Item => items[index % items.length]!;

function entryOf(number: number): Entry {
  const name = { surname: at(SURNAMES, number), givenName: at(NAMES, number >> 3), patronymic: '' };
  const subjects = at(SUBJECTS, number);
  return {
    id: `id-${String(number).padStart(4, '0')}`,
    sortKey: nameKey(name),
    search: searchable(name, subjects),
    visibility: at(VISIBILITIES, number >> 1),
    associationIds: number % 5 === 0 ? ['maths'] : [],
    programmes: number % 7 === 0 ? [`programme ${number % 3}`] : [],
    teaches: subjects.length > 0,
  };
}

/** The rule of lists, tried on every entry. */
function foundByTryingAll(entries: readonly Entry[], query: CardQuery): string[] {
  const belongs = (entry: Entry, { id, headId }: { id: string; headId: string }): boolean =>
    entry.associationIds.includes(id) || entry.id === headId;
  return entries
    .filter(
      (entry) =>
        query.visibility.includes(entry.visibility) &&
        (query.association === undefined || belongs(entry, query.association)) &&
        (query.staffOf === undefined ||
          (entry.teaches && (query.staffOf === '' || entry.programmes.includes(query.staffOf)))) &&
        query.words.every(
          ({ word, associations }) =>
            entry.search.includes(word) || associations.some((association) => belongs(entry, association)),
        ),
    )
    .sort((a, b) => (a.sortKey < b.sortKey || (a.sortKey === b.sortKey && a.id < b.id) ? -1 : 1))
    .map(({ id }) => id);
}

const maths = { id: 'maths', headId: 'id-0003' };
const words = (text: string, associations: CardQuery['words'][number]['associations'] = []) =>
  searchWords(text).map((word) => ({ word, associations }));

const QUERIES: readonly CardQuery[] = [
  { visibility: ['public'], words: [] },
  { visibility: VISIBILITIES, words: [] },
  ...['соколова елен', 'кол', 'о', 'ки', 'онил', 'бруев', 'язык химия', 'елк', 'нет такой'].map((text) => ({
    visibility: ['public', 'students'] as const,
    words: words(text),
  })),
  { visibility: ['public'], words: [], association: maths },
  { visibility: VISIBILITIES, words: words('ким'), association: maths },
  { visibility: VISIBILITIES, words: words('мат', [maths]) },
  { visibility: ['public'], words: [], staffOf: '' },
  { visibility: VISIBILITIES, words: [], staffOf: 'programme 1' },
];

describe('directory: lists of cards in memory', () => {
  it('find what trying every card finds, in the same order, also after changes and removals', () => {
    const lists = createCardLists();
    const entries = new Map<string, Entry>();
    const put = (entry: Entry): void => {
      entries.set(entry.id, entry);
      lists.put(entry);
    };
    const check = (): void => {
      for (const query of QUERIES) {
        const all = foundByTryingAll([...entries.values()], query);
        expect(lists.find(query, 0, 1_000)).to.deep.equal({ ids: all, total: all.length });
        expect(lists.find(query, 3, 2)).to.deep.equal({ ids: all.slice(3, 5), total: all.length });
      }
    };
    for (let number = 0; number < 120; number += 1) put(entryOf((number * 37) % 120));
    check();
    // Another name and visibility under a known id.
    for (let number = 0; number < 120; number += 9)
      put({ ...entryOf(number + 1), id: entryOf(number).id, associationIds: ['maths'] });
    check();
    for (let number = 0; number < 120; number += 4) {
      lists.forget(entryOf(number).id);
      entries.delete(entryOf(number).id);
    }
    check();
    const left = new Set([...entries.keys()].slice(0, 20));
    lists.keepOnly(left);
    for (const id of [...entries.keys()]) if (!left.has(id)) entries.delete(id);
    check();
  });

  it('tell the programmes of the staff that a reader sees', () => {
    const lists = createCardLists();
    const [entry, other] = [entryOf(0), { ...entryOf(7), visibility: 'staff' as const }];
    lists.put(entry);
    lists.put(other);
    expect([...lists.programmes(['public'])]).to.deep.equal(['programme 0']);
    lists.put({ ...other, visibility: 'public', teaches: true });
    expect([...lists.programmes(['public'])]).to.have.members(['programme 0', 'programme 1']);
  });
});
