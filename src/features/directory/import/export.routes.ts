import { Router } from 'express';
import type { Column, Exports } from '../../../infra/export/index.js';
import { forbidden } from '../../../shared/errors.js';
import type { Translate } from '../../../i18n/index.js';
import { POSTS, type Association, type Card, type Post, type PostTerm } from '../cards/card.js';
import { contactText } from '../cards/contacts.js';
import type { Department } from '../organisation/organisation.js';
import type { Organisation } from '../organisation/organisation.service.js';
import type { ReadingService } from '../public/reading.service.js';
import { requireManager } from '../who.js';
import type { ImportField } from './fields.js';

interface Row {
  readonly card: Card;
  readonly associations: readonly Association[];
  readonly departments: readonly Department[];
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

/** A day for each post, in their order; '' where no post has one. */
const daysOf = (row: Row, name: 'since' | 'until'): string => {
  const days = termsOf(row).map((term) => term[name]);
  return days.every((day) => day === '') ? '' : days.join('; ');
};

const contact = (kind: 'telephone' | 'email' | 'max' | 'vk' | 'telegram' | 'site'): Column<Row> =>
  column(kind, ({ card }) => {
    const found = card.contacts.find((item) => item.kind === kind);
    return found === undefined ? '' : contactText(kind, found.value);
  });

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

/** `/admin/directory/export?format=xlsx`: all cards and associations as a table. */
export function exportRouter(
  reading: Pick<ReadingService, 'everyone'>,
  organisation: Pick<Organisation, 'listDepartments' | 'titles'>,
  exports: Pick<Exports, 'defineTable'>,
): Router {
  const router = Router();
  async function rows() {
    const [{ cards, associations }, departments, titles] = await Promise.all([
      reading.everyone('staff'),
      organisation.listDepartments(),
      organisation.titles(),
    ]);
    return cards.map((card) => ({ card, associations, departments, titles }));
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
