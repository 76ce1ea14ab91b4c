import type { DirectoryFeature } from '../../src/features/directory/index.js';
import { courses } from '../demo-lms/centre.js';
import type { SeedContext } from './context.js';

/** By the course of the LMS. */
const PROGRAMMES = [
  ['2', 'Естественно-математическая программа, 9 класс'],
  ['3', 'Гуманитарная программа, 9 класс'],
] as const;

/** A department over all associations, and a programme for each course. Only when there are none. */
export async function seedOrganisation(
  { organisation, addGroup }: DirectoryFeature,
  context: SeedContext,
): Promise<void> {
  if ((await organisation.listDepartments()).length > 0) return;
  for (const [post, since] of [
    ['director', '2019-09-01'],
    ['deputyStudy', '2022-09-01'],
    ['deputyMethod', '2024-01-15'],
  ] as const) {
    for (const { cardId } of await organisation.holdersOf([post]))
      await organisation.setHolder(post, cardId, true, { personId: '', name: '' }, { since, until: '' });
  }
  const [all, [head]] = await Promise.all([
    organisation.listAssociations(),
    organisation.holdersOf(['departmentHead']),
  ]);
  await organisation.saveUnit('department', null, 0, {
    title: 'Отдел дистанционного обучения',
    headId: head?.cardId ?? '',
    members: all.map(({ id }) => id),
  });
  const cards = await organisation.listTeachers();
  const [, mathematics] = PROGRAMMES[0];
  const courseId = context.courses.get('2') ?? '';
  for (const [group, associationTitle, programme] of [
    ['1', 'Объединение математики и информатики', mathematics],
    ['2', 'Объединение математики и информатики', mathematics],
    ['3', 'Объединение естественных наук', 'Подготовка к олимпиаде по физике'],
  ] as const) {
    const association = all.find(({ title }) => title === associationTitle);
    const title = courses.flatMap(({ groups }) => groups).find(({ id }) => id === group)?.title;
    if (association === undefined || title === undefined) continue;
    const members = cards.filter(({ associationIds }) => associationIds.includes(association.id));
    await addGroup({
      ...{ associationId: association.id, title, programme },
      cardIds: members.slice(0, 2).map(({ cardId }) => cardId),
      lmsGroup: courseId === '' ? null : { courseId, groupId: group },
    });
  }
  await organisation.saveUnit('branch', null, 0, {
    title: 'Филиал «Заречный»',
    headId: head?.cardId ?? '',
    members: [],
    details: {
      ...{ post: 'Заведующий филиалом', addressLine: 'г. Примерный, ул. Заречная, 7' },
      ...{ telephone: '+70000000107', emailAddress: 'zarechny@example.org', site: '', document: '' },
    },
  });
  for (const [course, title] of PROGRAMMES) {
    const id = context.courses.get(course);
    await organisation.saveUnit('programme', null, 0, { title, headId: '', members: id ? [id] : [] });
  }
}
