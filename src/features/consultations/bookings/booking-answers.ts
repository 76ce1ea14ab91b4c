import type { Request, Response } from 'express';
import { answerForm, sentFields } from '../../../web/form.js';
import { formatDate } from '../../../web/format.js';
import { present } from '../../../web/present.js';
import type { SayMoment } from './overlaps.service.js';
import { refusalOf } from './refusals.js';
import type { BookingPagesDeps, SlotFormAgain, SlotPages } from './slot-pages.js';

/** Words a moment in the reader's language and zone. */
export const sayer =
  (req: Request): SayMoment =>
  (moment) =>
    formatDate(moment, req.page.locale, req.page.zone, 'datetime');

/** Acts, and shows the page of a slot again with what was refused and what can be done instead. */
export type AnswerBooking = (
  req: Request,
  res: Response,
  slotId: string,
  { act, of }: { readonly act: () => Promise<void>; readonly of: SlotFormAgain['of'] },
) => Promise<void>;

export const createAnswerBooking =
  (deps: Pick<BookingPagesDeps, 'booking' | 'timetable'>, pages: SlotPages): AnswerBooking =>
  async (req, res, id, { act, of }) => {
    try {
      await answerForm(req, res, act, (again) => pages.slotPage(req, id, { ...again, of }));
    } catch (error) {
      const refusal = await refusalOf(req, error, id, deps);
      if (refusal === null) throw error;
      const values = sentFields(req.body);
      present(req, res, await pages.slotPage(req, id, { values, errors: {}, of, refusal, status: 409 }));
    }
  };
