import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../../../shared/clock.js';
import { optionalLine, parse, whole } from '../../../web/parse.js';
import { present, renderBare, sendOpen } from '../../../web/present.js';
import type { Organisation } from '../organisation/organisation.service.js';
import type { ReadingService } from '../public/reading.service.js';
import type { SiteService } from '../site/site.service.js';
import { branchesView, employeesView, managersView, structView } from './sveden.view.js';

export interface SvedenDeps {
  readonly reading: Pick<ReadingService, 'allAssociations' | 'cardsOf' | 'staff' | 'responsible'>;
  readonly site: Pick<SiteService, 'find'>;
  readonly organisation: Pick<Organisation, 'titles' | 'listDepartments' | 'listBranches'>;
  readonly clock: Clock;
  readonly publicUrl: string;
}

const query = z.object({
  programme: optionalLine(300),
  fragment: optionalLine(1),
  /** `all`: everyone on one page. */
  page: z.union([z.literal('all').transform(() => null), whole(1, 1_000_000)]).default(1),
});

/** `/sveden`: what the law makes every centre publish, as pages, and with `?fragment=1` as HTML to embed. */
export function svedenRouter({ reading, site, organisation, clock, publicUrl }: SvedenDeps): Router {
  const router = Router();

  // The law's words and values are Russian, whatever the reader's language.
  router.use((req, _res, next) => {
    req.page.locale = 'ru';
    req.page.language = 'none';
    delete req.page.asked;
    next();
  });

  const show = (
    req: Request,
    res: Response,
    name: 'employees' | 'managers' | 'struct',
    data: object,
  ): void => {
    const title = req.page.t(`directory.sveden.${name}`);
    const path = `/sveden/${name}`;
    if (parse(query, req.query).fragment !== '') {
      // Any site may fetch it: there is nothing in it that is not on the page.
      res.setHeader('Access-Control-Allow-Origin', '*');
      sendOpen(res, 'html', renderBare(req, { view: `directory/sveden-${name}-table`, title, data }));
      return;
    }
    present(req, res, {
      view: 'directory/sveden',
      title,
      data: { table: name, ...data },
      head: { canonical: `${publicUrl}${path}`, description: title, languages: ['ru'] },
    });
  };

  const branchRows = async () => {
    const branches = await organisation.listBranches();
    return branchesView(
      branches,
      await reading.cardsOf(
        'anyone',
        branches.map(({ headId }) => headId),
      ),
    );
  };

  router.get('/', (req, res) => {
    present(req, res, {
      view: 'directory/sveden-index',
      title: req.page.t('directory.sveden.title'),
      data: {},
      head: {
        canonical: `${publicUrl}/sveden`,
        description: req.page.t('directory.sveden.title'),
        languages: ['ru'],
      },
    });
  });

  router.get('/employees', async (req, res) => {
    const { programme, page, fragment } = parse(query, req.query);
    // What is embedded in another site is embedded as a whole.
    const found = await reading.staff('anyone', programme, fragment === '' ? page : null);
    show(req, res, 'employees', {
      programme,
      programmes: found.programmes,
      pager: { page: found.page, pages: found.pages },
      employees: employeesView(found.cards, clock.now()),
    });
  });

  router.get('/managers', async (req, res) => {
    const [{ cards }, { kinds }, branches] = await Promise.all([
      reading.responsible('anyone'),
      site.find(),
      branchRows(),
    ]);
    show(req, res, 'managers', {
      branches: branches.filter(({ kind }) => kind === 'branch'),
      managers: managersView(cards, kinds),
      titles: await organisation.titles(),
    });
  });

  router.get('/struct', async (req, res) => {
    const [associations, departments, { kinds, postalAddress, divisionDocument }] = await Promise.all([
      reading.allAssociations(),
      organisation.listDepartments(),
      site.find(),
    ]);
    const heads = await reading.cardsOf(
      'anyone',
      [...departments, ...associations].map(({ headId }) => headId),
    );
    const context = {
      departments,
      kinds,
      address: postalAddress,
      divisionDocument,
      site: req.page.centre.site,
    };
    show(req, res, 'struct', {
      divisions: structView(associations, heads, context),
      branches: await branchRows(),
    });
  });

  return router;
}
