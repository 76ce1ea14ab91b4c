import type { Locale, Translate } from '../../i18n/index.js';
import { stateTone } from './held/held.view.js';
import { formatDate } from '../../web/format.js';
import type { Actor } from '../../shared/actor.js';
import { atLeast } from '../../shared/roles.js';
import { seriesFields } from './series/series.fields.js';
import type { seriesChoices } from './series/series.form.js';
import { viewModel } from '../../web/views.js';
import type { freeSlotView, heldSlotView, ownBookingView } from './consultations.view.js';

/* What the templates of consultations print beyond their data. */

type Free = ReturnType<typeof freeSlotView>;
type Held = ReturnType<typeof heldSlotView>;
type Own = ReturnType<typeof ownBookingView>;
type Address = (rest?: string) => string;
type Query = (fields: Readonly<Record<string, unknown>>) => string;

interface Day<Slot> {
  readonly startsAt: Date;
  readonly slots: readonly Slot[];
}

/** Slots of one series beside each other, with what they have in common. */
function bySeries<Slot extends { readonly seriesId: string }>(slots: readonly Slot[]) {
  const groups = new Map<string, Slot[]>();
  for (const slot of slots) groups.set(slot.seriesId, [...(groups.get(slot.seriesId) ?? []), slot]);
  return [...groups.values()].map((own) => ({ ...own[0], slots: own }));
}

viewModel<{ days: readonly Day<Free>[] }>('consultations/free', ({ days }) => ({
  days: days.map((day) => ({
    ...day,
    groups: bySeries(day.slots).map((group) => ({
      ...group,
      withOthers: group.slots.filter(({ others = [] }) => others.length > 0),
    })),
  })),
}));

viewModel<{ days: readonly Day<Held>[] }>('consultations/schedule', ({ days }) => ({
  days: days.map((day) => {
    const told = day.slots.filter(({ booked, state }) => booked > 0 || state === 'cancelled');
    return {
      ...day,
      // Slots with somebody in them have a line each.
      told: told.map((slot) => ({
        ...slot,
        heldTone: stateTone(slot.heldState),
        present: slot.bookings.filter(({ state }) => state === 'booked'),
      })),
      groups: bySeries(day.slots.filter((slot) => !told.includes(slot))),
    };
  }),
}));

viewModel<{ bookings: readonly Own[] }>('consultations/own', ({ bookings }) => ({
  ownBookings: bookings.map((booking) => ({
    ...booking,
    tooLate: booking.state === 'booked' && booking.cancelUntil < booking.startsAt,
  })),
}));

interface OnwardGiven {
  readonly next: Date | null;
  readonly query: Readonly<Record<string, unknown>>;
  readonly queryOf: Query;
}

viewModel<OnwardGiven>('consultations/onward', ({ next, query, queryOf }) => ({
  onward: next && queryOf({ ...query, from: next.toISOString() }),
}));

interface CalendarGiven {
  readonly actor: Actor;
  readonly days: readonly unknown[];
  readonly past: boolean;
  readonly filter: { readonly teacher?: string };
  readonly series: readonly { readonly state: string }[];
}

viewModel<CalendarGiven>('consultations/calendar', ({ actor, days, past, filter, series }) => ({
  seriesOpen: days.length === 0 || series.some(({ state }) => state === 'draft'),
  scheduleQuery: { ...(past && { when: 'past' }), ...(filter.teacher && { teacher: filter.teacher }) },
  emptyKey: past ? 'emptyPast' : atLeast(actor.role, 'teacher') ? 'empty' : 'emptyWatch',
}));

interface FormGiven {
  readonly choices: ReturnType<typeof seriesChoices>;
  readonly t: Translate;
  readonly c: Address;
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const encoded = (value: string | readonly string[] | undefined): string =>
  encodeURIComponent(typeof value === 'string' ? value : '');

viewModel<FormGiven>('consultations/form', ({ t, c, values, choices }) => ({
  what: seriesFields.controls({ t, values, choices, group: 'what' }),
  rules: seriesFields.controls({ t, values, group: 'rules' }),
  weekdays: [values.weekdays ?? []].flat(),
  cancelTo: values.for
    ? c(`deep-linking/${encoded(values.for)}`)
    : c(values.fills ? `consultations/${encoded(values.fills)}` : 'consultations'),
}));

interface EditGiven {
  readonly choices: ReturnType<typeof seriesChoices>;
  readonly t: Translate;
  readonly values: FormGiven['values'];
  /** One seat, and no choice. */
  readonly individual: boolean;
}

viewModel<EditGiven>('consultations/edit', ({ t, values, individual, choices }) => ({
  what: seriesFields.controls({ t, values, choices, group: 'what' }),
  rules: seriesFields
    .controls({ t, values, group: 'rules', hints: { capacity: t('consultations.field.capacityMore') } })
    .filter(({ name }) => !individual || name !== 'capacity'),
}));

interface NewGiven {
  readonly t: Translate;
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly preview: { readonly days: readonly Day<{ readonly taken: boolean }>[] } | null;
}

viewModel<NewGiven>('consultations/new', ({ values, preview }) => ({
  taken: preview?.days.flatMap(({ slots }) => slots.filter(({ taken }) => taken)).length ?? 0,
  hiddenFields: Object.entries(values).flatMap(([name, value]) => [value].flat().map((part) => [name, part])),
}));

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
