import { Router } from 'express';
import type { Column, Exports } from '../../../infra/export/index.js';
import { forbidden } from '../../../shared/errors.js';
import type { Translate } from '../../../i18n/index.js';
import { NAMELESS } from '../../../shared/names.js';
import { blankCard, POSTS, type Association, type Card, type Post, type PostTerm } from '../cards/card.js';
import { contactText } from '../cards/contacts.js';
import type { Group } from '../groups/group.js';
import type { GroupsService } from '../groups/groups.service.js';
import type { Department } from '../organisation/organisation.js';
import type { Organisation } from '../organisation/organisation.service.js';
import type { ReadingService } from '../public/reading.service.js';
import { requireManager } from '../who.js';
import type { ImportField } from './fields.js';
import { GROUP_OF } from './rows.js';

interface Row {
  readonly card: Card;
  readonly associations: readonly Association[];
  readonly departments: readonly Department[];
  /** Those that the card teaches. */
  readonly groups: readonly Group[];
  /** The centre's own words for posts. */
  readonly titles: Readonly<Partial<Record<Post, string>>>;
}

const column = (key: ImportField, value: (row: Row, t: Translate) => string): Column<Row> => ({
  key,
  heading: `directory.import.field.${key}`,
  kind: 'text',
  value: (row, { t }) => value(row, t) || null,
});

/** Posts that the card holds or will hold, with their days. */
const termsOf = ({ card }: Row): PostTerm[] =>
  POSTS.flatMap((post) => {
    const term = card.postTerms.find((dated) => dated.post === post);
    if (term === undefined && !card.posts.includes(post)) return [];
    return [term ?? { post, since: '', until: '' }];
  });

/** Values that go by another column, in its order; '' where there is none. */
const listed = (values: readonly string[]): string =>
  values.every((value) => value === '') ? '' : values.join('; ');

const daysOf = (row: Row, name: 'since' | 'until'): string => listed(termsOf(row).map((term) => term[name]));

const contact = (kind: 'telephone' | 'email' | 'max' | 'vk' | 'telegram' | 'site'): Column<Row> =>
  column(kind, ({ card }) => {
    const found = card.contacts.find((item) => item.kind === kind);
    return found === undefined ? '' : contactText(kind, found.value);
  });

/** A line of the structure alone has the columns of a card that says nothing. */
const NO_CARD: Card = {
  ...blankCard(NAMELESS),
  // Nothing is headed by it: '' says that a unit has no head.
  ...{ id: 'none', slug: '', personIds: [], photo: null, postTerms: [], version: 0, journal: [] },
};

/** The headings are those that the import knows: a file that was exported can be imported again. */
const COLUMNS: readonly Column<Row>[] = [
  column('surname', ({ card }) => card.name.surname),
  column('givenName', ({ card }) => card.name.givenName),
  column('patronymic', ({ card }) => card.name.patronymic),
  column('position', ({ card }) => card.position),
  column('subjects', ({ card }) => card.subjects.join('; ')),
  column('associations', ({ card, associations }) =>
    associations
      .filter(({ id }) => card.associationIds.includes(id))
      .map(({ title }) => title)
      .join('; '),
  ),
  column('department', ({ card, departments }) =>
    departments
      .filter(({ associationIds }) => associationIds.some((id) => card.associationIds.includes(id)))
      .map(({ title }) => title)
      .join('; '),
  ),
  column('heads', ({ card, associations }) =>
    associations
      .filter(({ headId }) => headId === card.id)
      .map(({ title }) => title)
      .join('; '),
  ),
  column('groups', ({ groups, associations }) =>
    groups
      .map(({ associationId, title }) =>
        [associations.find(({ id }) => id === associationId)?.title ?? '', title].join(GROUP_OF),
      )
      .join('; '),
  ),
  column('groupProgrammes', ({ groups }) => listed(groups.map(({ programme }) => programme))),
  column('posts', (row, t) =>
    termsOf(row)
      .map(({ post }) => row.titles[post] ?? t(`directory.post.${post}`))
      .join('; '),
  ),
  column('departmentsLed', ({ card, departments }) =>
    departments
      .filter(({ headId }) => headId === card.id)
      .map(({ title }) => title)
      .join('; '),
  ),
  column('postsSince', (row) => daysOf(row, 'since')),
  column('postsUntil', (row) => daysOf(row, 'until')),
  column('programmes', ({ card }) => card.programmes.join('; ')),
  contact('telephone'),
  contact('email'),
  contact('max'),
  contact('vk'),
  contact('telegram'),
  contact('site'),
  column('hours', ({ card }) => card.details.hours.value),
  column('speciality', ({ card }) => card.education[0]?.speciality ?? ''),
  column('qualification', ({ card }) => card.education[0]?.qualification ?? ''),
  column('degree', ({ card }) => card.degree),
  column('academicTitle', ({ card }) => card.academicTitle),
  column('experienceSince', ({ card }) => card.experienceSince),
];

export interface ExportSources {
  readonly reading: Pick<ReadingService, 'everyone'>;
  readonly organisation: Pick<Organisation, 'listDepartments' | 'titles'>;
  readonly groups: Pick<GroupsService, 'list'>;
}

/** `/admin/directory/export?format=xlsx`: all cards, and associations and groups without any, as a table. */
export function exportRouter(
  { reading, organisation, groups: groupsService }: ExportSources,
  exports: Pick<Exports, 'defineTable'>,
): Router {
  const router = Router();
  async function rows(): Promise<Row[]> {
    const [{ cards, associations }, departments, titles, groups] = await Promise.all([
      reading.everyone('staff'),
      organisation.listDepartments(),
      organisation.titles(),
      groupsService.list(),
    ]);
    const shared = { associations, departments, titles };
    const isNamed = ({ id, headId }: Association): boolean =>
      cards.some((card) => card.id === headId || card.associationIds.includes(id));
    const withoutTeachers = groups.filter(({ cardIds }) => !cards.some((card) => cardIds.includes(card.id)));
    return [
      ...cards.map((card) => ({
        ...{ ...shared, card },
        groups: groups.filter(({ cardIds }) => cardIds.includes(card.id)),
      })),
      ...associations.flatMap((association) => {
        const left = withoutTeachers.filter(({ associationId }) => associationId === association.id);
        return left.length === 0 && isNamed(association)
          ? []
          : [{ ...shared, card: { ...NO_CARD, associationIds: [association.id] }, groups: left }];
      }),
    ];
  }
  const file = exports.defineTable({
    name: 'directory',
    open({ kind }, _parameters, { t }) {
      if (kind !== 'admin') return Promise.reject(forbidden());
      return Promise.resolve({ title: t('directory.title'), columns: COLUMNS, rows });
    },
  });
  router.get('/', requireManager, async (req, res) => {
    await file.answer(req, res, {}, req.baseUrl.replace(/\/export$/, ''));
  });
  return router;
}
