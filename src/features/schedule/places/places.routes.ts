import { Router, type Request } from 'express';
import { z } from 'zod';
import type { AuditActor } from '../../../infra/audit/index.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { checkbox, id, line, optionalLine, parse, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { PlacesService } from './places.service.js';

const building = z.object({ title: line(120), location: optionalLine(200) });
const changedBuilding = building.extend({ version: whole(0, 1e9) });
const room = z.object({ title: line(80), capacity: whole(1, 2_000), closed: checkbox });
const ofBuilding = z.object({ buildingId: id });
const ofRoom = z.object({ buildingId: id, roomId: id });

const HERE = '/admin/places';
/** Which form of the page is shown again: `new`, a building, a room, or a building's new room. */
type FormOf = 'new' | (string & {});

/** `/admin/places`: buildings and rooms of the centre. @param byOf who acts, for the audit log */
export function placesRouter(places: PlacesService, byOf: (req: Request) => AuditActor): Router {
  const router = Router();

  const page = async (req: Request, of: FormOf = '', again?: FormAgain): Promise<Page> => ({
    view: 'places/places',
    title: req.page.t('admin.places.title'),
    data: {
      buildings: await places.listBuildings(),
      of,
      values: again?.values ?? {},
      errors: again?.errors ?? {},
    },
  });

  router.get('/', async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await places.addBuilding(byOf(req), parse(building, req.body ?? {}));
        seeOther(res, HERE, 'admin.placeSaved');
      },
      (again) => page(req, 'new', again),
    );
  });

  router.post('/:buildingId', async (req, res) => {
    const { buildingId } = parse(ofBuilding, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await places.changeBuilding(byOf(req), buildingId, parse(changedBuilding, req.body ?? {}));
        seeOther(res, HERE, 'admin.placeSaved');
      },
      (again) => page(req, buildingId, again),
    );
  });

  router.post('/:buildingId/remove', async (req, res) => {
    await places.removeBuilding(byOf(req), parse(ofBuilding, req.params).buildingId);
    seeOther(res, HERE, 'admin.placeRemoved');
  });

  router.post('/:buildingId/rooms', async (req, res) => {
    const { buildingId } = parse(ofBuilding, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await places.addRoom(byOf(req), buildingId, parse(room, req.body ?? {}));
        seeOther(res, HERE, 'admin.placeSaved');
      },
      (again) => page(req, `rooms-${buildingId}`, again),
    );
  });

  router.post('/:buildingId/rooms/:roomId', async (req, res) => {
    const { buildingId, roomId } = parse(ofRoom, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await places.changeRoom(byOf(req), buildingId, roomId, parse(room, req.body ?? {}));
        seeOther(res, HERE, 'admin.placeSaved');
      },
      (again) => page(req, roomId, again),
    );
  });

  return router;
}
