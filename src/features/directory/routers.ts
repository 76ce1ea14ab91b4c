import { Router, type Request, type RequestHandler } from 'express';
import type { Exports } from '../../infra/export/index.js';
import type { Clock } from '../../shared/clock.js';
import type { AdministratorOf } from '../../web/admin-sections.js';
import { openPages } from '../../web/context.js';
import { pageCache } from '../../web/page-cache.js';
import { OPEN_PATHS } from '../../web/robots.js';
import { associationsRouter } from './associations/associations.routes.js';
import type { AssociationsService } from './associations/associations.service.js';
import type { AssociationsStore } from './associations/associations.store.js';
import { groupsRouter } from './groups/groups.routes.js';
import type { GroupsService } from './groups/groups.service.js';
import { ledRouter } from './associations/led.routes.js';
import { cardsRouter } from './cards/cards.routes.js';
import type { CardsService } from './cards/cards.service.js';
import { mergeRouter } from './cards/merge.routes.js';
import type { MergeService } from './cards/merge.service.js';
import type { PhotosService } from './cards/photos.service.js';
import { importRouter } from './import/import.routes.js';
import type { ImportService } from './import/import.service.js';
import { exportRouter } from './import/export.routes.js';
import { materialsRouter } from './materials/materials.routes.js';
import type { MaterialsService } from './materials/materials.service.js';
import { mailingsRouter } from './mailings/mailings.routes.js';
import type { MailingsService } from './mailings/mailings.service.js';
import type { CardActor } from './directory.policy.js';
import type { Duties } from './organisation/organisation.js';
import type { Organisation } from './organisation/organisation.service.js';
import { cardFilesRouter } from './public/card-files.routes.js';
import { readingRouter, type ReadingDeps } from './public/reading.routes.js';
import type { ReadingService } from './public/reading.service.js';
import { siteRouter } from './public/site.routes.js';
import { rosterCardsRouter } from './roster/roster-cards.routes.js';
import type { RosterCards } from './roster/roster-cards.service.js';
import { siteSettingsRouter } from './site/site.routes.js';
import type { SiteService } from './site/site.service.js';
import { svedenRouter } from './sveden/sveden.routes.js';
import type { DirectoryVersionStore } from './version.store.js';
import { asAdministrator, asHolder } from './who.js';

/* The same pages stand in four places: in a course, at /admin, at /staff, and, to be read only, on the open web. */

export interface DirectoryParts extends Pick<
  ReadingDeps,
  'freeTimes' | 'taughtClasses' | 'selfChecks' | 'teachersOf'
> {
  readonly cards: CardsService;
  readonly photos: PhotosService;
  readonly associations: AssociationsService;
  readonly groups: GroupsService;
  readonly associationsStore: Pick<AssociationsStore, 'all'>;
  readonly materials: MaterialsService;
  readonly merging: MergeService;
  readonly mailings: MailingsService;
  readonly organisation: Organisation;
  readonly imports: ImportService;
  readonly rosterCards: RosterCards;
  readonly reading: ReadingService;
  readonly site: SiteService;
  readonly clock: Clock;
  readonly exports: Pick<Exports, 'defineTable'>;
  readonly version: DirectoryVersionStore;
  readonly publicUrl: string;
  /** What the actor answers for. */
  readonly dutiesOf: (actor: CardActor) => Promise<Duties>;
}

const editing = (parts: DirectoryParts): Router[] => {
  const { cards, photos, associations, associationsStore, materials, merging, site } = parts;
  return [
    cardsRouter({
      cards,
      photos,
      associations: () => associationsStore.all(),
      kinds: async () => (await site.find()).kinds,
    }),
    mergeRouter(merging, cards),
    groupsRouter(parts.groups),
    associationsRouter({ associations, everybody: () => cards.everybody() }),
    materialsRouter({ materials, cards, selfChecks: parts.selfChecks }),
  ];
};

/** `/c/:courseKey/directory` */
export const courseRouter = (parts: DirectoryParts): Router =>
  Router().use(
    mailingsRouter(parts.mailings),
    ledRouter(parts),
    ...editing(parts),
    readingRouter(parts),
    cardFilesRouter(parts),
  );

/** `/admin/directory` */
export function adminRouter(parts: DirectoryParts, administratorOf: AdministratorOf): Router {
  const router = Router();
  router.use(asAdministrator(administratorOf));
  router.use('/site', siteSettingsRouter(parts.site, parts.publicUrl));
  router.use('/import', importRouter(parts.imports, parts.exports));
  router.use('/roster', rosterCardsRouter(parts.rosterCards));
  router.use('/export', exportRouter(parts, parts.exports));
  router.use(...editing(parts), readingRouter(parts), cardFilesRouter(parts));
  return router;
}

/** `/staff/directory`: cards and associations of those who answer for them. */
export function staffRouter(parts: DirectoryParts, cardIdOf: (req: Request) => string): Router {
  const router = Router();
  router.use(asHolder((req) => parts.organisation.findHolder(cardIdOf(req))));
  router.use(ledRouter(parts), ...editing(parts), readingRouter(parts), cardFilesRouter(parts));
  return router;
}

/** `/faq` belongs to another feature. */
const OPEN = new Set<string>(OPEN_PATHS.filter((path) => path !== '/faq'));
const isOpen = (path: string): boolean => path === '/' || OPEN.has(`/${path.split('/')[1] ?? ''}`);

/** Pages that show nothing but the directory: no times of consultations, no tests. */
const KEPT = new Set([
  ...['/', '/teachers', '/associations', '/programmes', '/responsible', '/materials'],
  ...['/sveden', '/sveden/employees', '/sveden/managers', '/sveden/struct'],
  ...['/feed.json', '/feed.rss', '/sitemap.xml', '/embed/teachers'],
]);

/** The open site, at the root of the tool. */
export function openRouter(parts: DirectoryParts): RequestHandler {
  const router = Router();
  router.use(
    openPages(),
    pageCache({
      version: async () => {
        const { number, settled } = await parts.version.now();
        return settled ? number : null;
      },
      isKept: (path) => KEPT.has(path),
      now: () => parts.clock.now(),
    }),
  );
  router.use(siteRouter(parts), readingRouter(parts), cardFilesRouter(parts));
  router.use('/sveden', svedenRouter(parts));
  return onlyOpen(router);
}

/**
 * Passes requests for other addresses by: a router that stands at the root would cost each of them a turn of the
 * event loop. Its routes are listed as those of any router.
 */
function onlyOpen(router: Router): RequestHandler {
  const handler: RequestHandler = (req, res, next) => {
    if (isOpen(req.path)) router(req, res, next);
    else next();
  };
  const listing = router as Router & { listRoutes(): unknown };
  return Object.assign(handler, { stack: router.stack, listRoutes: () => listing.listRoutes() });
}
