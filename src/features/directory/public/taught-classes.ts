import { shortName } from '../../../shared/names.js';
import type { Card } from '../cards/card.js';

/** A class of the timetable, as everybody may know it: no student stands in it. */
export interface TaughtClass {
  /** Person id of who gives it. */
  readonly teacherId: string;
  readonly title: string;
  /** Name of the group; '' for a whole course. */
  readonly group: string;
  /** Ids of the course, and of the group in its LMS; '' for a whole course. */
  readonly courseId: string;
  readonly groupId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Where cards and associations get the next classes of their teachers. */
export interface TaughtClasses {
  /** Soonest first. */
  nextClassesOf(personIds: readonly string[], limit: number): Promise<readonly TaughtClass[]>;
}

/** Next classes whose groups are named: more than are shown, so that those of a later week are not missed. */
export const CLASSES_OF_GROUPS = { teacher: 60, association: 200 } as const;

/** Classes as an association shows them, with who gives each. @param cards those that the reader sees */
export function classesView(classes: readonly TaughtClass[], cards: readonly Card[]) {
  const byPerson = new Map(cards.flatMap((card) => card.personIds.map((id) => [id, card] as const)));
  return classes.map(({ teacherId, title, group, startsAt, endsAt }) => {
    const card = byPerson.get(teacherId);
    return {
      ...{ title, group, startsAt, endsAt },
      teacher: card === undefined ? null : { slug: card.slug, name: shortName(card.name) },
    };
  });
}

/** Names of the groups that the classes are for. */
export const groupNames = (classes: readonly TaughtClass[]): string[] => {
  const collator = new Intl.Collator('ru', { numeric: true });
  return [...new Set(classes.map(({ group }) => group).filter((group) => group !== ''))].sort((a, b) =>
    collator.compare(a, b),
  );
};
