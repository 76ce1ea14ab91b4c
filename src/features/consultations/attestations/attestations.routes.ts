import { Router, type Request } from 'express';
import { z } from 'zod';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { calendarDate, id, line, parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { ATTESTATIONS } from '../../schedule/index.js';
import { participantsView, seriesLineView } from '../consultations.view.js';
import type { Participation } from '../messages/participation.service.js';
import { invitationDay } from './inviting.jobs.js';
import type { AttestationDates } from './attestations.service.js';

const TITLE_LENGTH = 120;
const params = z.object({ attestationId: id });
const input = z.object({ kind: z.enum(ATTESTATIONS), title: line(TITLE_LENGTH), on: calendarDate });

/** `…/consultations/attestations`: the attestation dates of a course, and who has not booked before them. */
export function attestationsRouter(dates: AttestationDates, participation: Participation): Router {
  const router = Router();
  router.use(requireRole('teacher'));
  const idOf = (req: Request): string => parse(params, req.params).attestationId;
  const home = (req: Request): string => req.baseUrl;

  const listPage = async (req: Request, again?: FormAgain): Promise<Page> => ({
    view: 'consultations/attestations',
    title: req.page.t('consultations.attestations.title'),
    data: {
      attestations: (await dates.list(actorOf(req))).map(({ id: attestationId, kind, title, on }) => ({
        ...{ id: attestationId, kind, title, on },
      })),
      kinds: ATTESTATIONS,
      values: again?.values ?? { kind: 'interim', title: '', on: '' },
      errors: again?.errors ?? {},
    },
  });

  router.get('/', async (req, res) => {
    present(req, res, await listPage(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await dates.add(actorOf(req), parse(input, req.body ?? {}));
        seeOther(res, home(req), 'consultations.dateSaved');
      },
      (again) => listPage(req, again),
    );
  });

  const attestationPage = async (req: Request, again?: FormAgain): Promise<Page> => {
    const { attestation, series, participants, invitedAt } = await participation.ofAttestation(
      actorOf(req),
      idOf(req),
    );
    const { id: attestationId, kind, title, on } = attestation;
    return {
      view: 'consultations/attestation',
      title,
      data: {
        attestation: { id: attestationId, kind, title, on },
        series: series.map((item) => seriesLineView(item, null)),
        ...participantsView(participants),
        invitedAt,
        invitesOn: invitationDay(attestation, series),
        kinds: ATTESTATIONS,
        values: again?.values ?? { kind, title, on },
        errors: again?.errors ?? {},
      },
    };
  };

  router.get('/:attestationId', async (req, res) => {
    present(req, res, await attestationPage(req));
  });

  router.post('/:attestationId', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await dates.change(actorOf(req), idOf(req), parse(input, req.body ?? {}));
        seeOther(res, `${home(req)}/${idOf(req)}`, 'consultations.dateSaved');
      },
      (again) => attestationPage(req, again),
    );
  });

  router.post('/:attestationId/remove', async (req, res) => {
    await dates.remove(actorOf(req), idOf(req));
    seeOther(res, home(req), 'consultations.dateRemoved');
  });

  router.post('/:attestationId/invite', async (req, res) => {
    await participation.inviteToAttestation(actorOf(req), idOf(req));
    seeOther(res, `${home(req)}/${idOf(req)}`, 'consultations.invited');
  });

  return router;
}
