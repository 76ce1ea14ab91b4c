import { Router } from 'express';
import { z } from 'zod';
import { parse, whole } from '../../../web/parse.js';
import { present } from '../../../web/present.js';
import type { PersonName } from '../../../shared/names.js';
import { MAX_PAGES as AUDIT_PAGES, type Audit } from '../../../infra/audit/index.js';
import { auditView } from '../admin.view.js';
import type { Overview } from './overview.service.js';

export interface RoomRouterDeps {
  readonly overview: () => Promise<Overview>;
  readonly audit: Pick<Audit, 'read'>;
  readonly namesOf: (personIds: readonly string[]) => Promise<ReadonlyMap<string, PersonName>>;
}

const auditQuery = z.object({ page: whole(1, AUDIT_PAGES).default(1) });

/** `/admin`: what there is to look at. */
export function roomRouter({ overview, audit, namesOf }: RoomRouterDeps): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    present(req, res, {
      view: 'admin/overview',
      title: req.page.t('admin.overview.title'),
      data: await overview(),
    });
  });

  router.get('/audit', async (req, res) => {
    const { page } = parse(auditQuery, req.query);
    const found = await audit.read(page);
    const people = found.entries
      .flatMap(({ actor, effective, subject }) => [actor, ...(effective ? [effective] : []), subject])
      .filter(({ kind }) => kind === 'person' || kind === 'platform-admin');
    present(req, res, {
      view: 'admin/audit',
      title: req.page.t('admin.audit.title'),
      data: auditView(found, await namesOf([...new Set(people.map(({ id }) => id))])),
    });
  });

  return router;
}
