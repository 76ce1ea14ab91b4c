import { typeOfFile, type FileOwnerKind, type Files, type UploadedFile } from '../../../infra/files/index.js';
import type { Actor } from '../../../shared/actor.js';
import { badInput, notFound } from '../../../shared/errors.js';
import { maySeeBookings } from '../consultations.policy.js';
import type { Slot, SlotsStore } from '../slots/slots.store.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import type { SeriesStore } from '../series/series.store.js';
import type { HeldStore } from './held.store.js';

const MEGABYTE = 1024 * 1024;
export const MINUTES_LIMITS = { files: 10, megabytes: 20 } as const;
/** Owner of the files; its id is the slot's. */
export const MINUTES_FILES = 'consultation-minutes';

/** What minutes are written in: documents, tables, texts, pictures. */
const TYPES: ReadonlySet<string> = new Set([
  ...['application/pdf', 'text/plain', 'text/markdown', 'text/csv'],
  ...['image/jpeg', 'image/png', 'image/webp'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
]);

export interface MinutesService {
  /**
   * Stores files of a slot that the actor may record.
   * @throws DomainError `bad-input` on `minutes` for no file or a wrong type; `files-quota` (409)
   */
  add(actor: Actor, slot: Slot, uploads: readonly UploadedFile[]): Promise<void>;
  /** @throws DomainError `not-found` */
  remove(slot: Slot, fileId: string): Promise<void>;
}

export interface MinutesDeps {
  readonly records: HeldStore;
  readonly files: Files;
  readonly slots: Pick<SlotsStore, 'findOptional'>;
  readonly series: Pick<SeriesStore, 'findMany'>;
  readonly bookings: Pick<BookingsStore, 'taken'>;
}

export function createMinutesService(deps: MinutesDeps): MinutesService {
  const { records, files } = deps;
  files.defineOwner(minutesOf(deps));
  return {
    async add(actor, slot, uploads) {
      if (uploads.length === 0) throw badInput({ minutes: 'errors.field.missing' });
      const typed = await Promise.all(
        uploads.map(async (upload) => ({ upload, type: await typeOfFile(upload.path, upload.name) })),
      );
      const known = typed.flatMap(({ upload, type }) =>
        type !== null && TYPES.has(type) ? [{ upload, type }] : [],
      );
      if (known.length < uploads.length) throw badInput({ minutes: 'errors.field.fileType' });
      for (const { upload, type } of known) {
        const file = await files.store({
          owner: { kind: MINUTES_FILES, id: slot.id },
          uploadedBy: actor.personId,
          name: upload.name,
          type,
          source: { path: upload.path },
        });
        const { courseId, id: slotId, seriesId } = slot;
        await records.addMinutes({ courseId, slotId, seriesId }, { id: file.id, name: file.name });
      }
    },

    async remove(slot, fileId) {
      if (!(await records.removeMinutes(slot.courseId, slot.id, fileId))) throw notFound();
      await files.remove([fileId]);
    },
  };
}

/** Minutes are read by the teacher's side and by those who had booked. */
const minutesOf = ({ records, slots, series, bookings }: MinutesDeps): FileOwnerKind => ({
  kind: MINUTES_FILES,
  maxFiles: MINUTES_LIMITS.files,
  maxBytes: MINUTES_LIMITS.files * MINUTES_LIMITS.megabytes * MEGABYTE,
  async mayRead(actor, { id, owner }) {
    const slot = actor && (await slots.findOptional(actor.courseId, owner.id));
    if (!slot) return false;
    const record = await records.findOptional(actor.courseId, slot.id);
    if (record?.minutes.some((file) => file.id === id) !== true) return false;
    const [found] = await series.findMany([slot.seriesId]);
    if (found !== undefined && maySeeBookings(actor, found, slot)) return true;
    return (await bookings.taken([slot.id])).some(({ personIds }) => personIds.includes(actor.personId));
  },
  async inUse(found) {
    const kept = await records.findMany([...new Set(found.map(({ owner }) => owner.id))]);
    return kept.flatMap(({ minutes }) => minutes.map(({ id }) => id));
  },
});
