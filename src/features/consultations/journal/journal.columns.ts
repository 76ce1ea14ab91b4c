import type { Column } from '../../../infra/export/index.js';
import { fullName } from '../../../shared/names.js';
import { dateIn } from '../../../shared/days.js';
import { localAt } from '../../../shared/zoned.js';
import { typeName } from '../types/types.view.js';
import type { JournalRow } from './journal.service.js';

/** `2026-11-27` as `27.11.2026`. */
const dotted = (date: string): string => date.split('-').reverse().join('.');

/**
 * Columns of the journal of consultations.
 * @param zone IANA name: a document of the centre has the centre's dates for every reader
 */
export const journalColumns = (zone: string): readonly Column<JournalRow>[] => [
  { key: 'number', heading: 'consultations.journal.number', kind: 'number', value: ({ number }) => number },
  {
    key: 'date',
    heading: 'consultations.journal.date',
    kind: 'text',
    value: ({ slot }) => dotted(dateIn(zone, slot.startsAt)),
  },
  {
    key: 'time',
    heading: 'consultations.journal.time',
    kind: 'text',
    value: ({ slot }) => `${localAt(slot.startsAt, zone).slice(11)}–${localAt(slot.endsAt, zone).slice(11)}`,
  },
  {
    key: 'topic',
    heading: 'consultations.journal.topic',
    kind: 'text',
    value: ({ series, booking }) =>
      [series.title, booking?.question ?? ''].filter((part) => part !== '').join(': '),
  },
  {
    key: 'student',
    heading: 'consultations.journal.student',
    kind: 'text',
    value: ({ booking, student }, { t }) =>
      booking === null ? null : (student ? fullName(student.name) : '') || t('common.nameless'),
  },
  {
    key: 'group',
    heading: 'consultations.journal.group',
    kind: 'text',
    value: ({ groups }) => groups || null,
  },
  {
    key: 'kind',
    heading: 'consultations.journal.kind',
    kind: 'text',
    value: ({ series }, { t }) => typeName(t, { id: series.type, title: series.typeTitle }),
  },
  {
    key: 'attendance',
    heading: 'consultations.journal.attendance',
    kind: 'text',
    value: ({ mark, state, over }, { t }) =>
      mark === null
        ? t(`consultations.held.${over ? 'past' : 'state'}.${state}`)
        : t(`consultations.held.mark.${mark}`),
  },
  { key: 'hours', heading: 'consultations.journal.hours', kind: 'number', value: ({ hours }) => hours },
  {
    key: 'signature',
    heading: 'consultations.journal.signature',
    kind: 'text',
    value: () => null,
  },
];
