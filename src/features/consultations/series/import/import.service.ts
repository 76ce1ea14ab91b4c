import { readFile } from 'node:fs/promises';
import type { UploadedFile } from '../../../../infra/files/index.js';
import { readTable } from '../../../../infra/tables/index.js';
import type { Actor } from '../../../../shared/actor.js';
import { DAY, type Clock } from '../../../../shared/clock.js';
import { badInput, conflict } from '../../../../shared/errors.js';
import { newToken } from '../../../../shared/ids.js';
import type { Settling } from '../../slots/settling.service.js';
import type { Span } from '../../slots/intervals.js';
import { MOST_DAYS, MOST_SLOTS, type Planning } from '../planning.service.js';
import type { Series, SeriesStore } from '../series.store.js';
import type { SeriesService } from '../series.service.js';
import { readSlots, type RowProblem } from './reading.js';

/** A row of the file, and what would come of it. */
export interface ImportedRow {
  readonly row: number;
  readonly span: Span | null;
  /** Null for a slot that can be made. */
  readonly problem: RowProblem | 'taken' | null;
}

export interface SlotsImport {
  /** Reads a file; nothing is made. @throws DomainError on `file`: `bad-input`, `table-unreadable`, `table-too-long` */
  preview(actor: Actor, seriesId: string, file: UploadedFile | undefined): Promise<ImportedRow[]>;
  /**
   * Makes these slots; those for which the teacher or the room has no time by then are left out. Many of them are
   * made by a job, which goes on after a restart.
   * @throws DomainError `bad-input` on `spans`; 409 `series-ended`, `series-unfilled`, `try-again`; `forbidden`, `not-found`
   */
  make(actor: Actor, seriesId: string, spans: readonly Span[]): Promise<{ readonly waits: boolean }>;
}

export interface SlotsImportDeps {
  readonly service: Pick<SeriesService, 'findManaged'>;
  readonly series: Pick<SeriesStore, 'extend'>;
  readonly planning: Planning;
  readonly settling: Pick<Settling, 'carryOut' | 'lookAgain'>;
  readonly clock: Clock;
}

/** So many are made while the request waits. */
const AT_ONCE = 200;

export function createSlotsImport(deps: SlotsImportDeps): SlotsImport {
  const { service, series, planning, settling, clock } = deps;
  const latest = (): Date => new Date(clock.now().getTime() + MOST_DAYS * DAY);

  async function findActive(actor: Actor, seriesId: string): Promise<Series> {
    const found = await service.findManaged(actor, seriesId);
    if (found.state !== 'active')
      throw conflict(found.state === 'draft' ? 'series-unfilled' : 'series-ended');
    return found;
  }

  return {
    async preview(actor, seriesId, file) {
      const found = await findActive(actor, seriesId);
      if (file === undefined) throw badInput({ file: 'errors.field.missing' });
      const { rows } = await readTable(await readFile(file.path), { timesOfDay: true });
      const { zone, length } = found.pattern;
      const read = readSlots(rows, { zone, length, now: clock.now(), latest: latest() });
      const spans = read.flatMap(({ span }) => span ?? []);
      if (spans.length > MOST_SLOTS) throw badInput({ file: 'errors.field.tooManySlots' });
      const known = await planning.withTaken(found, spans);
      const taken = new Set(known.filter((span) => span.taken).map(({ startsAt }) => startsAt.getTime()));
      return read.map(({ row, span, problem }) => ({
        ...{ row, span },
        problem: span !== null && taken.has(span.startsAt.getTime()) ? 'taken' : problem,
      }));
    },

    async make(actor, seriesId, spans) {
      const found = await findActive(actor, seriesId);
      const now = clock.now();
      const ahead = spans.filter(({ startsAt }) => startsAt > now && startsAt <= latest());
      if (ahead.length === 0) throw badInput({ spans: 'errors.field.nothingToImport' });
      await settling.carryOut(found);
      const plan = { key: newToken(), slots: planning.planned(ahead) };
      const waits = ahead.length > AT_ONCE;
      const kept = await series.extend(actor.courseId, seriesId, plan, waits ? now : settling.lookAgain());
      if (kept === null) throw conflict('try-again');
      if (!waits) await settling.carryOut(kept);
      return { waits };
    },
  };
}
