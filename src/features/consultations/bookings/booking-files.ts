import {
  createAttachments,
  type Files,
  type FileRecord,
  type UploadRule,
  type UploadedFile,
} from '../../../infra/files/index.js';
import { badInput } from '../../../shared/errors.js';
import { maySeeBookings } from '../consultations.policy.js';
import { FILE_LIMITS } from '../series/series-settings.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { SlotsStore } from '../slots/slots.store.js';
import type { BookingsStore } from './bookings.store.js';

const MEGABYTE = 1024 * 1024;
export const BOOKING_FILES = 'consultation-booking';

export const bookingUpload: UploadRule = {
  path: /^\/consultations\/slots\/[^/]+\/bookings$/,
  field: 'files',
  maxFiles: FILE_LIMITS.files,
  maxBytes: FILE_LIMITS.megabytes * MEGABYTE,
};

type Asking = Pick<Series, 'files' | 'filesMost' | 'fileMegabytes'>;

export interface BookingFiles {
  /** @throws DomainError `bad-input` on `files`: missing, too many, one too large */
  demandAllowed(series: Asking, uploads: readonly UploadedFile[], byTeacher: boolean): void;
  /**
   * Stores the files of a booking before it is written; all or none. Returns their ids.
   * @throws DomainError `bad-input` on `files` for a type that is not taken; `files-quota` (409)
   */
  store(bookingId: string, personId: string, uploads: readonly UploadedFile[]): Promise<string[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** The files of a booking, first to last. */
  listOf(bookingId: string): Promise<FileRecord[]>;
}

export interface BookingFilesDeps {
  readonly files: Files;
  readonly bookings: Pick<BookingsStore, 'findOptional' | 'fileIdsOf'>;
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly slots: Pick<SlotsStore, 'findMany'>;
}

/** Files that a student is asked for at booking. Those who come and the teacher's side read them. */
export function createBookingFiles({ files, bookings, series, slots }: BookingFilesDeps): BookingFiles {
  const attachments = createAttachments({
    files,
    kind: BOOKING_FILES,
    maxFiles: FILE_LIMITS.files,
    maxBytes: FILE_LIMITS.files * FILE_LIMITS.megabytes * MEGABYTE,
    fileIdsOf: (bookingIds) => bookings.fileIdsOf(bookingIds),
    async maySee(actor, bookingId) {
      const booking = await bookings.findOptional(actor.courseId, bookingId);
      if (booking === null) return false;
      if (booking.personIds.includes(actor.personId)) return true;
      const [[of], [slot]] = await Promise.all([
        series.findMany([booking.seriesId]),
        slots.findMany([booking.slotId]),
      ]);
      return of !== undefined && maySeeBookings(actor, of, slot);
    },
  });
  return {
    demandAllowed({ files: rule, filesMost, fileMegabytes }, uploads, byTeacher) {
      if (rule === 'required' && uploads.length === 0 && !byTeacher)
        throw badInput({ files: 'errors.field.missing' });
      if (uploads.length > (rule === 'none' ? 0 : filesMost))
        throw badInput({ files: 'errors.field.tooManyFiles' });
      if (uploads.some(({ size }) => size > fileMegabytes * MEGABYTE))
        throw badInput({ files: 'errors.field.fileTooLarge' });
    },
    store: (bookingId, personId, uploads) =>
      uploads.length === 0 ? Promise.resolve([]) : attachments.store(bookingId, personId, uploads),
    remove: (ids) => (ids.length === 0 ? Promise.resolve() : attachments.remove(ids)),
    listOf: (bookingId) => attachments.listOf(bookingId),
  };
}
