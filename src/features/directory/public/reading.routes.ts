import { Router, type Request, type RequestHandler } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { centreName } from '../../../web/context.js';
import { z } from 'zod';
import { parse, whole } from '../../../web/parse.js';
import { present, type PageHead } from '../../../web/present.js';
import { materialKeyOf, slugOf } from '../addresses.js';
import type { AssociationsService } from '../associations/associations.service.js';
import type { CardsService } from '../cards/cards.service.js';
import { isOwn, mayHaveCard, mayManage, type CardActor } from '../directory.policy.js';
import { listQuery } from '../directory.schema.js';
import { cardView, describe, listView, personData, responsibleView } from '../directory.view.js';
import { notInDirectory } from '../refusals.js';
import { materialRow, materialView } from '../materials/materials.view.js';
import { materialsQuery } from '../materials/materials.schema.js';
import type { Material } from '../materials/material.js';
import type { MailingsService } from '../mailings/mailings.service.js';
import type { MaterialsService } from '../materials/materials.service.js';
import type { SelfChecks } from '../materials/self-checks.js';
import { VIDEO_ORIGINS } from '../materials/video.js';
import type { SiteService } from '../site/site.service.js';
import { hasDuties, type Duties } from '../organisation/organisation.js';
import type { Organisation } from '../organisation/organisation.service.js';
import { optionalActor, readerOfRequest } from '../who.js';
import { freeTimesView, type BookableTimes } from './free-times.js';
import { programmesView } from './programmes.view.js';
import { addAssociations } from './associations.pages.js';
import { addMyTeachers } from './my-teachers.pages.js';
import type { ReadingService } from './reading.service.js';
import type { GroupsService } from '../groups/groups.service.js';
import { teacherGroups } from '../groups/groups.view.js';
import { CLASSES_OF_GROUPS, classesView, type TaughtClasses } from './taught-classes.js';

/** What this reader may do besides reading; on the open web, nothing. */
const can = (req: Request) => {
  const actor = optionalActor(req);
  return {
    manage: actor !== undefined && mayManage(actor),
    own: req.actor !== undefined && mayHaveCard(req.actor),
    staff: req.cardActor?.cardId !== undefined,
    learn: req.actor !== undefined,
  };
};

/** Times that are shown on a card at most. */
const FREE_TIMES = 5;
const CLASSES = 8;

export interface ReadingDeps {
  readonly reading: ReadingService;
  readonly site: Pick<SiteService, 'find'>;
  readonly materials: Pick<MaterialsService, 'search' | 'find' | 'listOfCard'>;
  readonly cards: Pick<CardsService, 'mayEdit' | 'ofPersons'>;
  readonly associations: Pick<AssociationsService, 'mayEdit'>;
  readonly groups: Pick<GroupsService, 'listOfAssociation' | 'listOfCard'>;
  /** What the actor answers for. */
  readonly dutiesOf: (actor: CardActor) => Promise<Duties>;
  readonly freeTimes: BookableTimes;
  readonly taughtClasses: TaughtClasses;
  readonly selfChecks: SelfChecks;
  readonly organisation: Pick<Organisation, 'titles' | 'listProgrammes' | 'listDepartments'>;
  /** Persons who teach in a course. */
  readonly teachersOf: (courseId: string) => Promise<readonly string[]>;
  readonly mailings: Pick<MailingsService, 'mayWrite'>;
  readonly clock: Clock;
  /** Origin of canonical addresses. */
  readonly publicUrl: string;
}

export type HeadOf = (req: Request, path: string, rest: Omit<PageHead, 'canonical'>) => { head?: PageHead };

/**
 * The pages that everybody reads: on the open web without a session, below `/c/:courseKey/directory` as one of the
 * course, and below `/admin/directory`. Who reads decides what is seen; the pages are the same.
 */
export function readingRouter(deps: ReadingDeps): Router {
  const router = Router();
  /** Inside a course there is nothing for search engines. */
  const headOf: HeadOf = (req, path, rest) =>
    req.page.open ? { head: { canonical: `${deps.publicUrl}${path}`, ...rest } } : {};
  addLists(router, deps, headOf);
  addMyTeachers(router, deps, can);
  addAssociations(router, deps, headOf, can);
  addTeacher(router, deps, headOf);
  addMaterials(router, deps, headOf);
  return router;
}

function addLists(router: Router, deps: ReadingDeps, headOf: HeadOf) {
  const { reading, site, organisation, mailings, dutiesOf, clock } = deps;
  const list: RequestHandler = async (req, res) => {
    const reader = readerOfRequest(req);
    const actor = optionalActor(req);
    const request = parse(listQuery, req.query);
    const found = await reading.list(reader, request);
    const canonical = found.association ? `/associations/${found.association.slug}` : '/teachers';
    present(req, res, {
      view: 'directory/list',
      title: req.page.t('directory.title'),
      data: {
        ...{ q: request.q, ...listView(found, reader) },
        nobodyKey: req.page.admin ? 'directory.nobodyYetManage' : 'directory.nobodyYet',
        can: {
          ...can(req),
          lead: actor !== undefined && hasDuties(await dutiesOf(actor)),
          write: req.actor !== undefined && (await mailings.mayWrite(req.actor)),
        },
      },
      locals: { postTitles: await organisation.titles() },
      ...headOf(req, found.page === 1 ? canonical : `${canonical}?page=${found.page}`, {
        description: req.page.t('directory.description'),
        indexed: request.q === '',
      }),
    });
  };
  router.get('/teachers', list);
  // In a course the list is the first page; on the open web the centre's page is.
  router.get('/', list);

  router.get('/programmes', async (req, res) => {
    const taught = await reading.taught(readerOfRequest(req));
    present(req, res, {
      view: 'directory/programmes',
      title: req.page.t('directory.programmes'),
      data: { programmes: programmesView(taught, await organisation.listProgrammes()), can: can(req) },
      ...headOf(req, '/programmes', { description: req.page.t('directory.programmesDescription') }),
    });
  });

  router.get('/responsible', async (req, res) => {
    const reader = readerOfRequest(req);
    const { cards: found, associations, departments } = await reading.responsible(reader);
    const { kinds } = await site.find();
    present(req, res, {
      view: 'directory/responsible',
      title: req.page.t('directory.responsible'),
      data: {
        ...responsibleView(found, associations, reader, { kinds, now: clock.now(), departments }),
        can: can(req),
      },
      locals: { postTitles: await organisation.titles() },
      ...headOf(req, '/responsible', { description: req.page.t('directory.responsibleDescription') }),
    });
  });
}

function addTeacher(router: Router, deps: ReadingDeps, headOf: HeadOf) {
  const { reading, site, materials, cards, groups, freeTimes, taughtClasses } = deps;
  const { organisation, clock, publicUrl } = deps;
  router.get('/teachers/:slug', async (req, res) => {
    const reader = readerOfRequest(req);
    const { card, associations } = await reading.card(reader, slugOf(req));
    const [{ kinds }, departments] = await Promise.all([site.find(), organisation.listDepartments()]);
    const teacher = cardView(card, associations, reader, { kinds, now: clock.now(), departments });
    const path = `/teachers/${card.slug}`;
    const actor = optionalActor(req);
    const [free, classes, listed, taught] = await Promise.all([
      freeTimes.nextFreeOf(card.personIds, FREE_TIMES),
      taughtClasses.nextClassesOf(card.personIds, CLASSES_OF_GROUPS.teacher),
      materials.listOfCard(reader, card.id),
      groups.listOfCard(card.id),
    ]);
    present(req, res, {
      view: 'directory/teacher',
      title: teacher.fullName || req.page.t('common.nameless'),
      data: {
        teacher,
        free: freeTimesView(free, req.actor ?? null),
        classes: classesView(classes.slice(0, CLASSES), []),
        groups: teacherGroups(taught, classes),
        materials: listed.map((material) => materialRow(material, null)),
        can: {
          ...can(req),
          edit: actor !== undefined && (await cards.mayEdit(actor, card)),
          own: actor !== undefined && isOwn(actor, card),
        },
      },
      locals: { postTitles: await organisation.titles() },
      ...headOf(req, path, {
        description: describe(teacher) || teacher.fullName,
        type: 'profile',
        image: teacher.photo,
        data: personData(teacher, `${publicUrl}${path}`, {
          name: centreName(req.page),
          site: req.page.centre.site,
        }),
      }),
    });
  });
}

function addMaterials(router: Router, { materials, cards, selfChecks }: ReadingDeps, headOf: HeadOf) {
  router.get('/materials', async (req, res) => {
    const request = parse(materialsQuery, req.query);
    const found = await materials.search(readerOfRequest(req), request);
    present(req, res, {
      view: 'directory/materials',
      title: req.page.t('directory.materials'),
      data: {
        ...{ q: request.q, topic: request.topic, total: found.total, topics: found.topics, can: can(req) },
        materials: found.materials.map(({ material, card }) => materialRow(material, card)),
        pager: { page: found.page, pages: found.pages },
      },
      ...headOf(req, found.page === 1 ? '/materials' : `/materials?page=${found.page}`, {
        description: req.page.t('directory.materialsDescription'),
        indexed: request.q === '' && request.topic === '',
      }),
    });
  });

  router.get('/materials/:key', async (req, res) => {
    const { material, card } = await materials.find(readerOfRequest(req), materialKeyOf(req));
    const actor = optionalActor(req);
    const edits = actor !== undefined && (await cards.mayEdit(actor, card));
    if (material.kind === 'video') req.page.frames = VIDEO_ORIGINS;
    present(req, res, {
      view: 'directory/material',
      title: material.title,
      data: {
        material: materialView(material, card, edits),
        checks: await checksOf(selfChecks, material),
        can: { ...can(req), edit: edits },
      },
      ...headOf(req, `/materials/${material.key}`, {
        description: `${material.title}. ${material.description}`.slice(0, 300),
        type: 'article',
      }),
    });
  });
  // Answers are in the address: a try changes nothing, and needs no script.
  router.get('/materials/:key/check/:testId', async (req, res) => {
    const key = materialKeyOf(req);
    const { material } = await materials.find(readerOfRequest(req), key);
    const ref = material.tests.find(({ testId }) => testId === req.params.testId);
    if (ref === undefined) throw notInDirectory();
    const { seed, ...answers } = req.query as Record<string, unknown>;
    const sent = seed === undefined ? null : { ...parse(checkQuery, { seed }), answers };
    const back = req.baseUrl === '' ? `/materials/${key}` : `${req.baseUrl}/materials/${key}`;
    present(req, res, {
      ...(await selfChecks.page(ref, sent, back)),
      ...headOf(req, `/materials/${key}/check/${ref.testId}`, {
        description: material.title,
        indexed: false,
      }),
    });
  });
}

const checkQuery = z.object({ seed: whole(0, 1e9 - 1) });

/** Tests of a material that are there. */
async function checksOf(selfChecks: SelfChecks, { tests }: Material) {
  const titles = await Promise.all(tests.map((ref) => selfChecks.titleOf(ref)));
  return tests.flatMap(({ testId }, index) => {
    const title = titles[index] ?? null;
    return title === null ? [] : [{ testId, title }];
  });
}
