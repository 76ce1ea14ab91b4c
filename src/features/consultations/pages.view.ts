import type { Translate } from '../../i18n/index.js';
import type { Actor } from '../../shared/actor.js';
import { atLeast } from '../../shared/roles.js';
import { seriesFields } from './series/series.fields.js';
import type { seriesChoices } from './series/series.form.js';
import { stateTone } from './held/held.view.js';
import { viewModel } from '../../web/views.js';
import { typeName } from './types/types.view.js';
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

viewModel<{ days: readonly Day<Free>[]; cards?: Readonly<Record<string, string>> }>(
  'consultations/free',
  ({ days, cards = {} }) => ({
    days: days.map((day) => ({
      ...day,
      groups: bySeries(day.slots).map((group) => ({
        ...group,
        card: cards[group.slots[0]?.teacherId ?? ''] ?? '',
        withOthers: group.slots.filter(({ others = [] }) => others.length > 0),
      })),
    })),
  }),
);

viewModel<{ days: readonly Day<Held>[] }>('consultations/schedule', ({ days }) => ({
  days: days.map((day) => {
    const told = day.slots.filter(({ booked, state }) => booked > 0 || state === 'cancelled');
    return {
      ...day,
      // Booked slots have a line each.
      told: told.map((slot) => ({
        ...slot,
        heldTone: stateTone(slot.heldState),
        present: slot.bookings.filter(({ state }) => state === 'booked'),
      })),
      groups: bySeries(day.slots.filter((slot) => !told.includes(slot))),
    };
  }),
}));

interface WaitingGiven {
  readonly t: Translate;
  readonly bookings: readonly (Own & { readonly position?: number })[];
}

viewModel<WaitingGiven>('consultations/waiting', ({ t, bookings }) => ({
  waitingItems: bookings.map((booking) => ({
    ...booking,
    stateText:
      booking.state === 'offered'
        ? t('consultations.waiting.offered')
        : booking.tellOnly
          ? t('consultations.waiting.telling')
          : t('consultations.waiting.position', { position: booking.position ?? 1 }),
  })),
}));

const morning = (date: string): string => `${date}T06:00Z`;

viewModel<{ attestations: readonly { readonly on: string }[] }>(
  'consultations/attestations',
  ({ attestations }) => ({
    // Morning in UTC is the same day in all zones of Russia.
    lines: attestations.map((attestation) => ({ ...attestation, at: morning(attestation.on) })),
  }),
);

interface AttestationGiven {
  readonly attestation: { readonly on: string };
  readonly invitesOn: string;
}

viewModel<AttestationGiven>('consultations/attestation', ({ attestation, invitesOn }) => ({
  at: morning(attestation.on),
  invitesAt: invitesOn === '' ? null : morning(invitesOn),
}));

interface TimesGiven {
  readonly t: Translate;
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly change: Readonly<Record<'add' | 'remove' | 'stay' | 'taken', readonly unknown[]>> | null;
}

viewModel<TimesGiven>('consultations/times', ({ t, values, change }) => ({
  weekdays: [values.weekdays ?? []].flat(),
  parts: (['add', 'remove', 'stay', 'taken'] as const)
    .map((name) => ({ heading: t(`consultations.times.${name}`), spans: change?.[name] ?? [] }))
    .filter(({ spans }) => spans.length > 0),
  hiddenFields: Object.entries(values)
    .filter(([name]) => name !== 'csrf')
    .flatMap(([name, value]) => [value].flat().map((part) => [name, part])),
}));

interface OnwardGiven {
  readonly next: Date | null;
  readonly query: Readonly<Record<string, unknown>>;
  readonly queryOf: Query;
}

viewModel<OnwardGiven>('consultations/onward', ({ next, query, queryOf }) => ({
  onward: next && queryOf({ ...query, from: next.toISOString() }),
}));

interface StudentGiven {
  readonly days: readonly unknown[];
  readonly teachers: readonly unknown[];
  readonly types: readonly unknown[];
  readonly filter: Readonly<Record<string, string>>;
}

viewModel<StudentGiven>('consultations/student', ({ days, teachers, types, filter }) => ({
  searchable:
    days.length > 0 ||
    teachers.length > 1 ||
    types.length > 1 ||
    Object.values(filter).some((value) => value !== ''),
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
  readonly t: Translate;
  readonly c: Address;
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
}

const encoded = (value: string | readonly string[] | undefined): string =>
  encodeURIComponent(typeof value === 'string' ? value : '');

interface TypeLink {
  readonly id: string;
  readonly title: string;
  readonly form: string;
}

interface SeriesFormGiven extends FormGiven {
  readonly choices: ReturnType<typeof seriesChoices>;
  readonly errors: Readonly<Record<string, string>>;
  readonly types: readonly TypeLink[];
  readonly attestations: readonly { readonly id: string; readonly title: string; readonly on: string }[];
}

const BANDS = ['2', '3'];
const MORE = seriesFields.controls({ t: (key) => key, values: {}, group: 'more' }).map(({ name }) => name);
const text = (value: string | readonly string[] | undefined): string =>
  typeof value === 'string' ? value : '';

const isIndividual = ({ types, values }: Pick<SeriesFormGiven, 'types' | 'values'>): boolean =>
  types.find(({ id }) => id === values.type)?.form === 'individual';

viewModel<SeriesFormGiven>(
  'consultations/form',
  ({ t, c, values, errors, types, attestations, choices }) => ({
    what: seriesFields.controls({ t, values, choices, group: 'what' }),
    rules: seriesFields
      .controls({ t, values, group: 'rules' })
      .map((control) =>
        control.name === 'capacity' && !isIndividual({ types, values })
          ? { ...control, attrs: { ...control.attrs, min: 2 } }
          : control,
      ),
    more: seriesFields.controls({ t, values, group: 'more' }),
    moreOpen: MORE.some((name) => errors[name] !== undefined),
    bands: BANDS,
    moreBands: ['exceptions', ...BANDS.flatMap((band) => [`start${band}`, `end${band}`])].some(
      (name) => text(values[name]) !== '' || errors[name] !== undefined,
    ),
    typeName: typeName(t, {
      id: text(values.type),
      title: types.find(({ id }) => id === values.type)?.title ?? '',
    }),
    typeLinks: types.map((type) => ({
      name: typeName(t, type),
      here: type.id === values.type,
      href: c(`consultations/new?type=${type.id}${values.for ? `&for=${encoded(values.for)}` : ''}`),
    })),
    attestationOptions: [
      ['', t('consultations.attestations.none')],
      ...attestations.map(({ id, title, on }) => [id, `${title} (${on.split('-').reverse().join('.')})`]),
    ],
    weekdays: [values.weekdays ?? []].flat(),
    cancelTo: values.for
      ? c(`deep-linking/${encoded(values.for)}`)
      : c(values.fills ? `consultations/${encoded(values.fills)}` : 'consultations'),
  }),
);

interface EditGiven {
  readonly choices: ReturnType<typeof seriesChoices>;
  readonly t: Translate;
  readonly values: FormGiven['values'];
  /** One seat, and no choice. */
  readonly individual: boolean;
}

viewModel<EditGiven>('consultations/edit', ({ t, values, individual, choices }) => ({
  what: seriesFields.controls({ t, values, choices, group: 'what' }),
  more: seriesFields.controls({ t, values, group: 'more' }),
  rules: seriesFields
    .controls({ t, values, group: 'rules', hints: { capacity: t('consultations.field.capacityMore') } })
    .filter(({ name }) => !individual || name !== 'capacity'),
}));

interface PreviewedView {
  readonly startsAt: Date;
  readonly taken: boolean;
  readonly closed: string | null;
}

interface NewGiven {
  readonly t: Translate;
  readonly types: readonly TypeLink[];
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly preview: { readonly days: readonly Day<PreviewedView>[] } | null;
}

viewModel<NewGiven>('consultations/new', ({ t, types, values, preview }) => ({
  typeName: typeName(t, {
    id: text(values.type),
    title: types.find(({ id }) => id === values.type)?.title ?? '',
  }),
  preview: preview && {
    ...preview,
    days: preview.days.map((day) => ({
      ...day,
      closed: day.slots[0]?.closed ?? null,
      slots: day.slots.map((slot) => ({ ...slot, at: slot.startsAt.toISOString() })),
    })),
  },
  some: preview?.days.flatMap(({ slots }) => slots.filter(({ taken }) => !taken)).length ?? 0,
  taken: preview?.days.flatMap(({ slots }) => slots.filter(({ taken }) => taken)).length ?? 0,
  hiddenFields: Object.entries(values)
    .filter(([name]) => name !== 'take' && name !== 'chosen')
    .flatMap(([name, value]) => [value].flat().map((part) => [name, part])),
}));
