import type { Locale, Translate } from '../../../i18n/index.js';
import { fullName } from '../../../shared/names.js';
import { formatDate } from '../../../web/format.js';
import { viewModel } from '../../../web/views.js';
import type { RecordedSlot } from './attendance.service.js';
import { attending } from './attending.js';
import { heldStateOf, MARKS, type HeldState, type Mark } from './marks.js';

/* Records of slots as pages show them. */

/** Attendance and notes of a slot, for the teacher's side. */
export function attendanceView({ held, record }: RecordedSlot) {
  const { series, slot } = held;
  const entries = new Map(record?.entries.map((entry) => [entry.personId, entry]));
  return {
    slotId: slot.id,
    state: heldStateOf(slot.state, record),
    version: record?.version ?? 0,
    graded: series.grading !== 'none' && series.grading !== 'fixed',
    gradeMaximum: series.gradeMaximum,
    sharedNote: record?.sharedNote ?? '',
    confidentialNote: record?.confidentialNote ?? '',
    minutes: record?.minutes ?? [],
    rows: attending(held).map(({ booking, personId, person }) => {
      const entry = entries.get(personId);
      return {
        personId,
        name: person ? fullName(person.name) : '',
        question: booking.personId === personId ? booking.question : '',
        mark: entry?.mark ?? '',
        points: entry?.points ?? null,
        note: entry?.note ?? '',
      };
    }),
  };
}

type AttendanceShown = ReturnType<typeof attendanceView>;

const STATE_TONES: Readonly<Record<HeldState, string>> = {
  planned: 'wait',
  held: 'good',
  missed: 'bad',
  cancelled: 'bad',
};

/** The badge of a state. */
export const stateTone = (state: HeldState): string => STATE_TONES[state];

const MARK_TONES: Readonly<Record<Mark, string>> = {
  attended: 'good',
  late: '',
  excused: '',
  'no-show': 'bad',
};

viewModel<{ held: { readonly mark: Mark | null } }>('consultations/own-attendance', ({ held }) => ({
  tone: held.mark === null ? 'wait' : MARK_TONES[held.mark],
}));

interface FormGiven {
  readonly t: Translate;
  readonly attendance: AttendanceShown;
  /** As sent, where the form is shown again. */
  readonly values: Readonly<Record<string, string | string[]>>;
  readonly errors: Readonly<Record<string, string>>;
  readonly number: (value: number) => string;
}

viewModel<FormGiven>('consultations/attendance', ({ t, attendance, values, errors, number }) => {
  const typed = (name: string, saved: string): string => [values[name] ?? saved].flat().join('');
  return {
    tone: stateTone(attendance.state),
    stale: errors.version !== undefined,
    common: {
      sharedNote: typed('sharedNote', attendance.sharedNote),
      confidentialNote: typed('confidentialNote', attendance.confidentialNote),
    },
    attendees: attendance.rows.map((row) => {
      const marked = typed(`mark_${row.personId}`, row.mark);
      return {
        ...row,
        markName: `mark_${row.personId}`,
        pointsName: `points_${row.personId}`,
        noteName: `note_${row.personId}`,
        choices: MARKS.map((mark) => ({
          mark,
          text: t(`consultations.held.mark.${mark}`),
          checked: mark === marked,
        })),
        typedPoints: typed(`points_${row.personId}`, row.points === null ? '' : number(row.points)),
        typedNote: typed(`note_${row.personId}`, row.note),
        problem: errors[`points_${row.personId}`] ?? errors[`mark_${row.personId}`] ?? '',
      };
    }),
  };
});

interface SheetGiven {
  readonly t: Translate;
  readonly sheet: { readonly names: readonly string[]; readonly blank: number };
}

viewModel<SheetGiven>('consultations/sheet', ({ t, sheet }) => ({
  lines: [
    ...sheet.names.map((name) => name || t('common.nameless')),
    ...Array<string>(sheet.blank).fill(''),
  ].map((name, index) => ({ number: index + 1, name })),
}));

viewModel<{ month: string; locale: Locale }>('consultations/journal', ({ month, locale }) => ({
  period: formatDate(new Date(`${month}-15T12:00:00Z`), locale, 'UTC', 'month'),
}));

interface SlotGiven {
  readonly t: Translate;
  readonly rooms: readonly { readonly roomId: string; readonly title: string; readonly capacity: number }[];
}

viewModel<SlotGiven>('consultations/slot', ({ t, rooms }) => ({
  roomOptions: [
    ['', t('consultations.field.noRoom')],
    ...rooms.map(({ roomId, title, capacity }) => [roomId, `${title} (${capacity})`]),
  ],
}));
