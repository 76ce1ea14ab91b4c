import { Router } from 'express';
import { listView } from '../../../infra/lists/index.js';
import { present } from '../../../web/present.js';
import type { PersonName } from '../../../shared/names.js';
import type { Audit } from '../../../infra/audit/index.js';
import { auditView } from '../admin.view.js';
import { auditList } from './audit.list.js';
import type { Overview } from './overview.service.js';

export interface RoomRouterDeps {
  readonly overview: () => Promise<Overview>;
  /** Steps of the first day; none when all are done. */
  readonly firstSteps: () => Promise<
    readonly { readonly name: string; readonly href: string; readonly done: boolean }[]
  >;
  readonly audit: Pick<Audit, 'read'>;
  readonly namesOf: (personIds: readonly string[]) => Promise<ReadonlyMap<string, PersonName>>;
}

/** `/admin`: what there is to look at. */
export function roomRouter({ overview, firstSteps, audit, namesOf }: RoomRouterDeps): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    present(req, res, {
      view: 'admin/overview',
      title: req.page.t('admin.overview.title'),
      data: { ...(await overview()), firstSteps: await firstSteps() },
    });
  });

  router.get('/audit', async (req, res) => {
    const wanted = auditList.parse(req.query, req.page);
    const { action, at } = wanted.filters;
    const found = await audit.read(wanted.page, { ...(action !== undefined && { action }), ...at });
    const people = found.entries
      .flatMap(({ actor, effective, subject }) => [actor, ...(effective ? [effective] : []), subject])
      .filter(({ kind }) => kind === 'person' || kind === 'platform-admin');
    present(req, res, {
      view: 'admin/audit',
      title: req.page.t('admin.audit.title'),
      data: auditView(found, await namesOf([...new Set(people.map(({ id }) => id))])),
      locals: { listing: listView(auditList, wanted, req.page, { action: '/admin/audit', found }) },
    });
  });

  return router;
}
