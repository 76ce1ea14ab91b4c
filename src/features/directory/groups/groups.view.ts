import { shortName } from '../../../shared/names.js';
import type { Card } from '../cards/card.js';
import { groupNames, type TaughtClass } from '../public/taught-classes.js';
import type { Group } from './group.js';

/** Names of timetable's groups that no record stands for, neither by its LMS group nor by its title. */
const otherGroups = (groups: readonly Group[], classes: readonly TaughtClass[]): string[] => {
  const isRecorded = ({ courseId, groupId, group }: TaughtClass): boolean =>
    groups.some(
      ({ title, lmsGroup }) =>
        title === group || (lmsGroup?.courseId === courseId && lmsGroup.groupId === groupId),
    );
  return groupNames(classes.filter((taught) => !isRecorded(taught)));
};

/** Groups of an association with their teachers. @param cards those that the reader sees */
export const associationGroups = (
  groups: readonly Group[],
  classes: readonly TaughtClass[],
  cards: readonly Card[],
) => ({
  groups: groups.map(({ id, title, programme, cardIds }) => ({
    ...{ id, title, programme },
    teachers: cards
      .filter((card) => cardIds.includes(card.id))
      .map((card) => ({ slug: card.slug, name: shortName(card.name) })),
  })),
  otherGroups: otherGroups(groups, classes),
});

/** Names of the groups of a teacher, with their programmes. */
export const teacherGroups = (groups: readonly Group[], classes: readonly TaughtClass[]): string[] => [
  ...groups.map(({ title, programme }) => (programme === '' ? title : `${title} (${programme})`)),
  ...otherGroups(groups, classes),
];
