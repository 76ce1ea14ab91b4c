import { Router, type Request } from 'express';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { actorOf } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { minutesFile, slotId } from '../consultations.schema.js';
import type { AttendanceService } from './attendance.service.js';
import { attending } from './attending.js';
import { parseAttendance } from './attendance.schema.js';
import { MINUTES_LIMITS, type MinutesService } from './minutes.service.js';
import { sheetView } from './sheet.view.js';

const MEGABYTE = 1024 * 1024;

export const minutesUpload: UploadRule = {
  path: /^\/consultations\/slots\/[^/]+\/minutes$/,
  field: 'minutes',
  maxFiles: MINUTES_LIMITS.files,
  maxBytes: MINUTES_LIMITS.megabytes * MEGABYTE,
};

export interface AttendanceRouterDeps {
  readonly attendance: AttendanceService;
  readonly minutes: MinutesService;
  /** The slot's page, on which the forms are. */
  readonly slotPage: (req: Request, slotId: string, again: FormAgain & { of: string }) => Promise<Page>;
}

/** Attendance, notes and minutes of slots that have begun, and the sheet to sign. */
export function attendanceRouter({ attendance, minutes, slotPage }: AttendanceRouterDeps): Router {
  const router = Router();
  const idOf = (req: Request): string => parse(slotId, req.params).slotId;

  router.post('/slots/:slotId/attendance', async (req, res) => {
    const actor = actorOf(req);
    const id = idOf(req);
    await answerForm(
      req,
      res,
      async () => {
        const recorded = await attendance.findToRecord(actor, id);
        const input = parseAttendance(
          req.body,
          attending(recorded.held).map(({ personId }) => personId),
          recorded.held.series.gradeMaximum,
        );
        await attendance.save(actor, recorded, input);
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.attendanceSaved');
      },
      (again) => slotPage(req, id, { ...again, of: 'attendance' }),
    );
  });

  router.post('/slots/:slotId/minutes', async (req, res) => {
    const actor = actorOf(req);
    const id = idOf(req);
    await answerForm(
      req,
      res,
      async () => {
        const { held } = await attendance.findToRecord(actor, id);
        await minutes.add(actor, held.slot, uploadedFiles(req));
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.minutesSaved');
      },
      (again) => slotPage(req, id, { ...again, of: 'minutes' }),
    );
  });

  router.post('/slots/:slotId/minutes/:fileId/remove', async (req, res) => {
    const id = idOf(req);
    const { held } = await attendance.findToRecord(actorOf(req), id);
    await minutes.remove(held.slot, parse(minutesFile, req.params).fileId);
    seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.minutesRemoved');
  });

  router.get('/slots/:slotId/sheet', async (req, res) => {
    const { held } = await attendance.find(actorOf(req), idOf(req));
    present(req, res, {
      view: 'consultations/sheet',
      title: req.page.t('consultations.sheet.title'),
      data: { sheet: sheetView(held) },
    });
  });

  return router;
}
