import type { Request, Router } from 'express';
import { fullName } from '../../../shared/names.js';
import { parse } from '../../../web/parse.js';
import { present } from '../../../web/present.js';
import { slugOf } from '../addresses.js';
import { listQuery } from '../directory.schema.js';
import { associationsView, listView } from '../directory.view.js';
import { notInDirectory } from '../refusals.js';
import { optionalActor, readerOfRequest } from '../who.js';
import { programmesView } from './programmes.view.js';
import type { HeadOf, ReadingDeps } from './reading.routes.js';
import { associationGroups } from '../groups/groups.view.js';
import { CLASSES_OF_GROUPS, classesView } from './taught-classes.js';

const CLASSES = 20;

/** Adds the list of associations, and the page of each with its teachers, programmes, groups and next classes. */
export function addAssociations(
  router: Router,
  { reading, associations, groups, organisation, taughtClasses }: ReadingDeps,
  headOf: HeadOf,
  /** What the reader may do besides reading. */
  rightsOf: (req: Request) => Readonly<Record<string, boolean>>,
) {
  router.get('/associations', async (req, res) => {
    present(req, res, {
      view: 'directory/associations',
      title: req.page.t('directory.associations'),
      data: { ...associationsView(await reading.associations(readerOfRequest(req))), can: rightsOf(req) },
      ...headOf(req, '/associations', { description: req.page.t('directory.associationsDescription') }),
    });
  });

  router.get('/associations/:slug', async (req, res) => {
    const { page } = parse(listQuery.pick({ page: true }), req.query);
    const reader = readerOfRequest(req);
    const list = await reading.list(reader, { q: '', association: slugOf(req), page });
    const { association } = list;
    if (association === null) throw notInDirectory();
    const members = await reading.members(reader, association);
    const head = await reading.head(reader, association);
    const programmes = programmesView(members).map(({ title }) => title);
    const classes = await taughtClasses.nextClassesOf(
      members.flatMap(({ personIds }) => personIds),
      CLASSES_OF_GROUPS.association,
    );
    const actor = optionalActor(req);
    const edit = actor !== undefined && (await associations.mayEdit(actor, association));
    present(req, res, {
      view: 'directory/association',
      title: association.title,
      data: {
        ...{ ...listView(list, reader), programmes },
        ...associationGroups(await groups.listOfAssociation(association.id), classes, members),
        head: head && { slug: head.slug, fullName: fullName(head.name) },
        classes: classesView(classes.slice(0, CLASSES), members),
        can: { ...rightsOf(req), edit },
      },
      locals: { postTitles: await organisation.titles() },
      ...headOf(req, `/associations/${association.slug}${page === 1 ? '' : `?page=${page}`}`, {
        description: `${association.title}. ${association.description}`.slice(0, 300),
      }),
    });
  });
}
