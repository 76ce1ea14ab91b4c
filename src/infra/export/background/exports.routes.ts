import { Router, type Request } from 'express';
import { z } from 'zod';
import { id as recordId, parse } from '../../../web/parse.js';
import { present, seeOther, whileWaiting, type Page } from '../../../web/present.js';
import { homeOf, requesterOf } from '../../../web/requester.js';
import { sendFile, type Files } from '../../files/index.js';
import { KEPT_DAYS } from './export.js';
import type { ExportService } from './exports.js';
import { exportRecordView } from './exports.view.js';

const exportId = z.object({ id: recordId });
/** `now=1`: the file is to be downloaded as soon as it is ready, without a further click. */
const lookQuery = z.object({ now: z.literal('1').optional().catch(undefined) });

const addressOf = (req: Request): string => `${homeOf(requesterOf(req))}/exports`;

/** The page of one file: how far it is, then the download, or why there is none. */
export async function exportPage(
  service: Pick<ExportService, 'find'>,
  req: Request,
  id: string,
): Promise<Page> {
  const found = exportRecordView(await service.find(requesterOf(req), id), addressOf(req));
  const now = parse(lookQuery, req.query).now !== undefined;
  const waits = found.state === 'waiting';
  const begins = now && found.file !== null;
  return {
    view: 'exports/export',
    title: found.title || req.page.t('exports.title'),
    data: found,
    locals: { found, begins, days: KEPT_DAYS, all: addressOf(req) },
    ...whileWaiting(waits),
    ...(begins && found.file !== null && { reload: { seconds: 0, to: found.file } }),
  };
}

/** `…/exports`: files that were asked for, each for the requester alone. */
export function exportsRouter(service: ExportService, files: Pick<Files, 'bytes'>): Router {
  const router = Router();
  const idOf = (req: Request): string => parse(exportId, req.params).id;

  router.get('/', async (req, res) => {
    const found = await service.list(requesterOf(req));
    const waits = found.some(({ state }) => state === 'waiting');
    present(req, res, {
      view: 'exports/list',
      title: req.page.t('exports.list'),
      data: { files: found.map((file) => exportRecordView(file, addressOf(req))) },
      locals: { days: KEPT_DAYS },
      ...whileWaiting(waits),
    });
  });

  router.get('/:id', async (req, res) => {
    present(req, res, await exportPage(service, req, idOf(req)));
  });

  router.get('/:id/file', async (req, res) => {
    const file = await service.fileOf(requesterOf(req), idOf(req), req.page);
    await sendFile(req, res, file, files.bytes, 'own', 'attachment');
  });

  router.post('/:id/again', async (req, res) => {
    const id = idOf(req);
    await service.again(requesterOf(req), id);
    seeOther(res, `${addressOf(req)}/${id}?now=1`);
  });

  return router;
}
