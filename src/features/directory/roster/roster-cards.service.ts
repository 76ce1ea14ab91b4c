import { forbidden } from '../../../shared/errors.js';
import { detailsOf, NO_CREDENTIALS, NO_NAME_CASES } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import type { CardInput } from '../cards/revise.js';
import { byKey, nameKey } from '../cards/search-words.js';
import type { InsertCard } from '../cards/upsert.js';
import { mayManage, type CardActor } from '../directory.policy.js';
import { fullName, type PersonName } from '../../../shared/names.js';

/** A teacher of courses who has no card. */
export interface TeacherWithoutCard {
  readonly personId: string;
  readonly name: PersonName;
  /** Titles of the courses. */
  readonly courses: readonly string[];
}

/** Cards of those who teach by the rosters of the LMS, before they have opened a course here. */
export interface RosterCards {
  /** By name. */
  listWithoutCard(): Promise<TeacherWithoutCard[]>;
  /**
   * Makes cards with a name each for those of the persons who teach and have none.
   * @param seenBy `consent`: the teachers have agreed to the publication
   * @returns how many
   * @throws DomainError `forbidden`; `bad-input` on `consent` when the cards would become public without it
   */
  makeCards(
    actor: CardActor,
    personIds: readonly string[],
    seenBy: Pick<CardInput, 'visibility' | 'consent'>,
  ): Promise<number>;
}

export interface RosterCardsDeps {
  readonly courses: {
    listAll(): Promise<readonly { readonly id: string; readonly title: string }[]>;
    members(courseId: string): Promise<readonly { readonly personId: string; readonly role: string }[]>;
  };
  readonly people: {
    findMany(ids: readonly string[]): Promise<readonly { readonly id: string; readonly name: PersonName }[]>;
  };
  readonly cards: Pick<CardsStore, 'listByPersons'>;
  readonly insert: InsertCard;
}

const cardFor = (name: PersonName, seenBy: Pick<CardInput, 'visibility' | 'consent'>): CardInput => ({
  ...NO_CREDENTIALS,
  ...{ name, nameCases: NO_NAME_CASES, position: '', subjects: [], associationIds: [], posts: [] },
  ...{ contacts: [], ...seenBy },
  details: detailsOf(() => ({ value: '', visibility: 'staff' })),
});

export function createRosterCards({ courses, people, cards, insert }: RosterCardsDeps): RosterCards {
  async function titlesByTeacher(): Promise<Map<string, string[]>> {
    const titles = new Map<string, string[]>();
    for (const { id, title } of await courses.listAll())
      for (const { personId, role } of await courses.members(id)) {
        if (role === 'teacher') titles.set(personId, [...(titles.get(personId) ?? []), title]);
      }
    return titles;
  }

  return {
    async listWithoutCard() {
      const titles = await titlesByTeacher();
      const having = new Set(
        (await cards.listByPersons([...titles.keys()])).flatMap((card) => card.personIds),
      );
      const found = await people.findMany([...titles.keys()].filter((id) => !having.has(id)));
      return found
        .filter(({ name }) => name.surname !== '' || name.givenName !== '')
        .map(({ id, name }) => ({ personId: id, name, courses: titles.get(id) ?? [] }))
        .sort((a, b) => byKey(nameKey(a.name), nameKey(b.name)));
    },

    async makeCards(actor, personIds, seenBy) {
      if (!mayManage(actor)) throw forbidden();
      const editor = { personId: actor.personId, name: fullName(actor.name) };
      let made = 0;
      for (const { personId, name } of await this.listWithoutCard()) {
        if (!personIds.includes(personId)) continue;
        // A person whose card another tab has just made keeps that one.
        if ((await insert([personId], cardFor(name, seenBy), editor, 'imported')) !== 'person') made += 1;
      }
      return made;
    },
  };
}
