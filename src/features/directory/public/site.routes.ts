import { Router } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { webOrigin } from '../../../shared/origins.js';
import { centreName } from '../../../web/context.js';
import { contentSecurityPolicy } from '../../../web/headers.js';
import { present, renderBare, sendOpen } from '../../../web/present.js';
import { contactView, listView, responsibleView } from '../directory.view.js';
import type { MaterialsService } from '../materials/materials.service.js';
import type { SiteService } from '../site/site.service.js';
import type { Organisation } from '../organisation/organisation.service.js';
import { jsonFeed, rssFeed, sitemap, type FeedSource } from './feeds.js';
import type { ReadingService } from './reading.service.js';

export interface SiteRouterDeps {
  readonly reading: ReadingService;
  readonly site: Pick<SiteService, 'find'>;
  readonly materials: Pick<MaterialsService, 'search' | 'publicKeys'>;
  readonly organisation: Pick<Organisation, 'titles'>;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/** Pages that only the open web has: the centre, common questions, feeds, the map for search engines. */
export function siteRouter(deps: SiteRouterDeps): Router {
  const router = Router();
  addCentre(router, deps);
  addFeeds(router, deps);
  return router;
}

function addCentre(router: Router, { reading, site, organisation, clock, publicUrl }: SiteRouterDeps) {
  router.get('/', async (req, res) => {
    const [settings, { cards, associations, departments }] = await Promise.all([
      site.find(),
      reading.responsible('anyone'),
    ]);
    const name = centreName(req.page) || req.page.t('common.product');
    const contacts = settings.contacts
      .filter(({ kind }) => settings.kinds.includes(kind))
      .map((contact) => contactView(contact));
    const { persons } = responsibleView(cards, associations, 'anyone', {
      kinds: settings.kinds,
      now: clock.now(),
      departments,
    });
    present(req, res, {
      view: 'directory/centre',
      title: name,
      data: {
        about: settings.about,
        logo: settings.logo,
        address: settings.postalAddress,
        help: settings.help,
        contacts,
        persons,
      },
      locals: { postTitles: await organisation.titles() },
      head: {
        canonical: `${publicUrl}/`,
        image: settings.logo === '' ? null : `files/${settings.logo}`,
        description: (settings.about || req.page.t('directory.description')).slice(0, 300),
        data: {
          '@context': 'https://schema.org',
          '@type': 'EducationalOrganization',
          name,
          url: `${publicUrl}/`,
          ...(settings.about !== '' && { description: settings.about }),
          ...(settings.postalAddress !== '' && { address: settings.postalAddress }),
          sameAs: [
            ...(req.page.centre.site === '' ? [] : [req.page.centre.site]),
            ...contacts.filter(({ page }) => page).map(({ href }) => href),
          ],
        },
      },
    });
  });

  router.get('/embed/teachers', async (req, res) => {
    const origin = webOrigin(req.page.centre.site);
    // Only the centre's own site may show it in a frame.
    if (origin !== null) req.page.frameOrigins = [origin];
    const { cards, associations } = await reading.everyone('anyone');
    const list = { cards, associations, association: null, total: cards.length, page: 1, pages: 1 };
    const html = renderBare(req, {
      view: 'directory/embed',
      title: req.page.t('directory.title'),
      data: { ...listView(list, 'anyone'), publicUrl },
    });
    res.setHeader('Content-Security-Policy', contentSecurityPolicy(req.page));
    res.vary('Accept-Language').vary('Cookie');
    sendOpen(res, 'html', html);
  });
}

/** Newest materials in a feed. */
const FEED_ITEMS = 30;

function addFeeds(router: Router, { reading, materials, publicUrl }: SiteRouterDeps) {
  const source = async (title: string, locale: string): Promise<FeedSource> => {
    const found = await materials.search('anyone', { q: '', topic: '', page: 1 });
    return { title, locale, publicUrl, items: found.materials.slice(0, FEED_ITEMS) };
  };

  router.get('/feed.json', async (req, res) => {
    const { t } = req.page;
    const { locale } = req.page.centre;
    sendOpen(
      res,
      'application/feed+json',
      jsonFeed(await source(centreName(req.page) || t('common.product'), locale)),
    );
  });

  router.get('/feed.rss', async (req, res) => {
    const { t } = req.page;
    const { locale } = req.page.centre;
    sendOpen(
      res,
      'application/rss+xml',
      rssFeed(await source(centreName(req.page) || t('common.product'), locale)),
    );
  });

  router.get('/sitemap.xml', async (_req, res) => {
    const [slugs, associations, keys] = await Promise.all([
      reading.slugs('anyone'),
      reading.allAssociations(),
      materials.publicKeys(),
    ]);
    const paths = [
      '/',
      ...['/teachers', '/associations', '/programmes', '/materials', '/responsible', '/faq'],
      ...['/sveden', '/sveden/employees', '/sveden/managers', '/sveden/struct'],
      ...slugs.map((slug) => `/teachers/${slug}`),
      ...associations.map(({ slug }) => `/associations/${slug}`),
      ...keys.map((key) => `/materials/${key}`),
    ];
    sendOpen(res, 'application/xml', sitemap(paths.map((path) => `${publicUrl}${path}`)));
  });
}

/** `/directory`: where the open pages stood before; each leads to where it stands now. */
export function oldAddresses(): Router {
  const router = Router();
  router.get('/{*rest}', (req, res) => {
    const rest = req.path.replace(/^[/\\]+/, '');
    const to = rest === '' ? '/teachers' : `/${rest}`;
    const query = req.originalUrl.indexOf('?');
    res.redirect(301, query === -1 ? to : `${to}${req.originalUrl.slice(query)}`);
  });
  return router;
}
