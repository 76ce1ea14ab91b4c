import type { Features } from '../../src/app.js';
import { seriesFields } from '../../src/features/consultations/series/series.fields.js';
import { addDays, dateIn } from '../../src/shared/days.js';
import { DomainError } from '../../src/shared/errors.js';
import type { SeedContext } from './context.js';

type Consultations = Features['consultations'];
type Wish = Parameters<Consultations['series']['create']>[1];
type Mark = 'attended' | 'late' | 'excused' | 'no-show';

interface Held {
  /** Ids as in scripts/demo-lms/centre.ts. */
  readonly course: string;
  readonly teacher: string;
  /** Which of the rooms it takes place in; absent: none. */
  readonly room?: number;
  readonly wish: Partial<Wish> & Pick<Wish, 'title' | 'type' | 'weekdays' | 'start' | 'end' | 'length'>;
  /** Who books every so-manyth slot from the first on. */
  readonly students: readonly string[];
  readonly each: number;
}

/** Buildings with their rooms: title and capacity. */
const BUILDINGS = [
  {
    title: 'Корпус А',
    location: 'ул. Садовая, 12',
    rooms: [
      ['кабинет 214', 30],
      ['кабинет 118', 24],
      ['актовый зал', 120],
    ],
  },
  { title: 'Корпус Б', location: 'ул. Садовая, 14', rooms: [['лаборатория', 16]] },
] as const;

const ZONE = 'Europe/Moscow';
const TERM: readonly Held[] = [
  {
    course: '2',
    teacher: '11',
    room: 0,
    wish: {
      title: 'Алгебра: консультации четверти',
      type: 'individual',
      description: 'Разбираем то, что не получилось на уроке.',
      weekdays: [2, 4],
      start: '17:30',
      end: '18:30',
      length: 20,
      question: 'optional',
      grading: 'mean',
      gradeMaximum: 5,
    },
    students: ['101', '103', '105', '107', '112'],
    each: 2,
  },
  {
    course: '2',
    teacher: '11',
    room: 2,
    wish: {
      title: 'Подготовка к зачёту: вся группа',
      type: 'group',
      capacity: 12,
      weekdays: [3],
      start: '17:30',
      end: '19:00',
      length: 45,
      question: 'none',
      names: 'shown',
      grading: 'fixed',
      gradeMaximum: 5,
    },
    students: ['101', '102', '104', '106', '108', '110'],
    // The same people once a day.
    each: 2,
  },
  {
    course: '3',
    teacher: '15',
    room: 1,
    wish: {
      title: 'Сочинение: разбор черновиков',
      type: 'individual',
      weekdays: [4],
      start: '16:00',
      end: '17:30',
      length: 30,
      question: 'optional',
    },
    students: ['133', '138', '121'],
    each: 1,
  },
];

const QUESTIONS = ['Задача 315', 'Неравенства с модулем', '', 'Контрольная № 2', 'Черновик вступления'];
const MARKS: readonly Mark[] = ['attended', 'attended', 'late', 'attended', 'no-show', 'attended', 'excused'];
const NOTES = ['Разобрали задачу до конца', '', 'Повторить формулы', ''];

export interface Term {
  readonly now: Date;
  /** Moves the clock of the application on. */
  goTo(moment: Date): void;
}

interface BookedSlot {
  readonly slotId: string;
  readonly endsAt: Date;
}

/**
 * A term that is half over: consultations of the last weeks with attendance, points and notes, and of those to come,
 * in rooms of the centre. Only once.
 * @param features of an application whose clock is some weeks behind
 */
export async function seedHeld(
  { consultations, schedule }: Pick<Features, 'consultations' | 'schedule'>,
  context: SeedContext,
  term: Term,
): Promise<void> {
  const titles = new Set(TERM.map(({ wish }) => wish.title));
  const active = await consultations.series.active(context.courses.get(TERM[0]?.course ?? '') ?? '');
  if (active.some(({ title }) => titles.has(title))) return;
  const rooms = await seedPlaces(schedule.places);
  const from = addDays(dateIn(ZONE, context.now), 1);
  const to = addDays(dateIn(ZONE, term.now), 13);
  const booked = new Map<Held, BookedSlot[]>();
  for (const held of TERM) {
    const roomId = held.room === undefined ? '' : (rooms[held.room] ?? '');
    booked.set(held, await offer(consultations, held, context, { from, to, roomId }));
  }
  term.goTo(term.now);
  for (const [held, slots] of booked) {
    const over = slots.filter(({ endsAt }) => endsAt < term.now);
    // The last one still waits for its teacher.
    for (const [index, { slotId }] of over.slice(0, -1).entries()) {
      await record(consultations, context.actor(held.teacher, held.course), slotId, index);
    }
  }
}

type Places = Features['schedule']['places'];

const SEED = { kind: 'terminal', id: '', name: 'demo' } as const;

/** Makes the rooms if there are none. Returns their ids in the order of `BUILDINGS`. */
async function seedPlaces(places: Places): Promise<string[]> {
  if ((await places.listBuildings()).length === 0) {
    for (const { title, location, rooms } of BUILDINGS) {
      await places.addBuilding(SEED, { title, location });
      const made = (await places.listBuildings()).find((building) => building.title === title);
      for (const [room, capacity] of rooms) {
        await places.addRoom(SEED, made?.id ?? '', { title: room, capacity, closed: false });
      }
    }
  }
  const known = new Map((await places.list()).map(({ roomId, title }) => [title, roomId]));
  return BUILDINGS.flatMap(({ title, rooms }) => rooms.map(([room]) => known.get(`${title}, ${room}`) ?? ''));
}

async function offer(
  consultations: Consultations,
  { course, teacher, wish, students, each }: Held,
  context: SeedContext,
  place: { readonly from: string; readonly to: string; readonly roomId: string },
): Promise<BookedSlot[]> {
  const actor = context.actor(teacher, course);
  const { id } = await consultations.series.create(actor, {
    ...seriesFields.usual,
    closesHours: 0,
    zone: ZONE,
    gap: 0,
    ...wish,
    ...place,
    draft: `seed-${wish.title}`,
  });
  const slots = (await consultations.nextFreeOf([actor.personId], 200)).filter(
    ({ seriesId }) => seriesId === id,
  );
  const chosen = slots.filter((_slot, index) => index % each === 0);
  for (const [index, slot] of chosen.entries()) {
    const coming = wish.type === 'individual' ? [students[index % students.length] ?? ''] : students;
    for (const student of coming) {
      const question = wish.question === 'none' ? '' : (QUESTIONS[index % QUESTIONS.length] ?? '');
      await book(consultations, context.actor(student, course), slot.slotId, question);
    }
  }
  return chosen.map(({ slotId, endsAt }) => ({ slotId, endsAt }));
}

async function book(
  consultations: Consultations,
  student: ReturnType<SeedContext['actor']>,
  slotId: string,
  question: string,
): Promise<void> {
  try {
    await consultations.bookings.book(student, slotId, question, (moment) => moment.toISOString());
  } catch (error) {
    // Some student is busy then with another consultation.
    if (!(error instanceof DomainError) || error.code !== 'booking-overlaps') throw error;
  }
}

/** Marks who came to a consultation that is over, and writes notes. */
export async function record(
  consultations: Consultations,
  teacher: ReturnType<SeedContext['actor']>,
  slotId: string,
  index: number,
): Promise<void> {
  const recorded = await consultations.attendance.findToRecord(teacher, slotId);
  const people = recorded.held.bookings.flatMap(({ booking }) =>
    booking.state === 'booked' ? booking.personIds : [],
  );
  const graded = recorded.held.series.grading === 'mean';
  await consultations.attendance.save(teacher, recorded, {
    version: recorded.record?.version ?? 0,
    others: null,
    sharedNote: index % 3 === 0 ? 'К следующему разу: решить вариант 2 и отметить, что непонятно.' : '',
    confidentialNote: index % 4 === 1 ? 'Пропускает темы прошлой четверти, предупредить методиста.' : '',
    marks: new Map(
      people.map((personId, place) => {
        const mark = MARKS[(index + place) % MARKS.length] ?? 'attended';
        const points = graded ? 3 + ((index + place) % 3) : null;
        return [personId, { mark, points, note: NOTES[(index + place) % NOTES.length] ?? '' }];
      }),
    ),
  });
}
