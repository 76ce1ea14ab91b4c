import { expect } from 'chai';
import {
  nameKey,
  searchable,
  searchWords,
  sortKey,
  transliterate,
} from '../../../src/features/directory/cards/search-words.js';

const name = (full: string) => {
  const [surname = '', givenName = '', patronymic = ''] = full.split(' ');
  return { surname, givenName, patronymic };
};

const sorted = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => (nameKey(name(a)) < nameKey(name(b)) ? -1 : 1));

describe('directory words', () => {
  it('writes names in Latin letters for addresses', () => {
    const table: readonly (readonly [string, string])[] = [
      ['Ёлкин Семён Аркадьевич', 'elkin-semen-arkadevich'],
      ['Щербакова Юлия', 'shcherbakova-yuliya'],
      ['Магомедова-Юсупова Патимат', 'magomedova-yusupova-patimat'],
      ["O'Brien Zoë", 'obrien-zoe'],
      ['Müller Größe', 'muller-grosse'],
      ['Ким Ли "Саша" & <b>Ю</b> 🎈', 'kim-li-sasha-b-yu-b'],
      ['И\u0306ошкар Е\u0308лка', 'yoshkar-elka'],
      ['🎈', ''],
      ['李', ''],
    ];
    for (const [text, slug] of table) expect(transliterate(text), text).to.equal(slug);
  });

  it('keeps addresses short, and never ends them with a dash', () => {
    const slug = transliterate(`${'а'.repeat(79)} ${'б'.repeat(300)}`);
    expect(slug).to.equal('a'.repeat(79));
    expect(transliterate('я'.repeat(300))).to.have.length(80);
  });

  it('sorts as Russian lists do: ё with е, case no matter, Latin behind Cyrillic', () => {
    const list = [
      'Абрамов Яков',
      'Егоров Иван',
      'Ёжиков Антон',
      'Елкин Андрей',
      'Ёлкин Борис',
      'елкин Виктор',
      'Ерёмин Глеб',
      'Жуков Артём',
      'Ким Яна',
      'Кимов Антон',
      'Яшин Лев',
      'Brown Ann',
      'Öberg Nils',
      'Zimmer Karl',
    ];
    expect(sorted([...list].reverse())).to.deep.equal(list);
  });

  it('puts е before ё only where nothing else differs', () => {
    expect(sorted(['Ёлкин Иван', 'Елкин Иван'])).to.deep.equal(['Елкин Иван', 'Ёлкин Иван']);
    expect(sorted(['Ёлкин Андрей', 'Елкин Иван'])).to.deep.equal(['Ёлкин Андрей', 'Елкин Иван']);
  });

  it('orders surnames as Intl orders them', () => {
    const surnames = [
      'Ёлкин',
      'Елагин',
      'Ельцова',
      'Йошкин',
      'Иванов',
      'Щукин',
      'Шукшин',
      'Ъ',
      'Эрн',
      'Юдин',
      'А-Б',
      'Аб',
    ];
    const byIntl = [...surnames].sort(new Intl.Collator('ru').compare);
    expect([...surnames].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))).to.deep.equal(byIntl);
  });

  it('finds without regard to case, ё, and composed letters', () => {
    const hay = searchable(name('Ёлкин Семён Аркадьевич'), ['Общая Биология']);
    for (const query of ['елкин', 'ЁЛК', 'СЕМЕН биол', 'кадье', 'е\u0308лкин']) {
      const words = searchWords(query);
      expect(words, query).to.not.be.empty;
      expect(
        words.every((word) => hay.includes(word)),
        query,
      ).to.equal(true);
    }
    expect(searchWords('  ёлкин   ЕЛКИН ')).to.deep.equal(['елкин']);
    // A word is not put together from the end of one field and the start of the next.
    expect(hay.includes('елкинсемен')).to.equal(false);
    expect(searchWords(' \t ')).to.deep.equal([]);
  });
});
