import type { QuestionsFeature } from '../../src/features/questions/index.js';
import type { SeedContext } from './context.js';

interface SeededQuestion {
  /** Ids as in scripts/demo-lms/centre.ts. */
  readonly course: string;
  readonly student: string;
  readonly text: string;
  /** The teacher whom it is for; those who teach the course unless given. */
  readonly to?: string;
  readonly consent?: boolean;
  /** Who answers what, and after how many working hours. */
  readonly answer?: readonly [teacher: string, text: string, hours: number];
  /** Not answered: the deadline was so many working hours ago. */
  readonly overdueHours?: number;
  /** Published in the FAQ. */
  readonly published?: 'course' | 'public';
  /** The teacher who has taken it and not answered yet. */
  readonly taken?: string;
}

export interface PastQuestion extends SeededQuestion {
  /** Asked so many days before today, or on the working day before. */
  readonly daysAgo: number;
}

/** Questions of the last two weeks, the earliest first. */
export const PAST_QUESTIONS: readonly PastQuestion[] = [
  {
    daysAgo: 12,
    course: '2',
    student: '105',
    to: '11',
    text: 'Почему у уравнения $x^2 = -4$ нет корней? В учебнике написано «на множестве действительных чисел», а какие ещё бывают?',
    consent: true,
    answer: [
      '11',
      'Квадрат любого действительного числа не меньше нуля: $x^2 \\ge 0$, поэтому $x^2 = -4$ решить нельзя. Есть и другие числа, комплексные, в них $i^2 = -1$. До них дойдём в 11 классе.',
      3,
    ],
    published: 'public',
  },
  {
    daysAgo: 11,
    course: '3',
    student: '133',
    to: '15',
    text: 'Сколько аргументов нужно в сочинении?',
    consent: true,
    answer: ['15', 'Два: один из прочитанного текста, второй из другого произведения или из жизни.', 2],
    published: 'public',
  },
  {
    daysAgo: 10,
    course: '3',
    student: '135',
    to: '20',
    text: 'Чем отличаются seit и vor?',
    answer: ['20', 'Seit — действие продолжается до сих пор, vor — оно уже закончилось.', 5],
  },
  {
    daysAgo: 9,
    course: '2',
    student: '101',
    to: '13',
    text: 'Как считать погрешность, если я измерил длину три раза и получил 12,1; 12,3 и 12,2 см?',
    consent: true,
    answer: [
      '13',
      'Среднее: $\\bar{x} = 12{,}2$ см. Наибольшее отклонение от него 0,1 см, поэтому ответ:\n\n$$l = 12{,}2 \\pm 0{,}1 \\text{ см}$$',
      6,
    ],
    published: 'course',
  },
  {
    daysAgo: 8,
    course: '2',
    student: '112',
    text: 'Где посмотреть задания прошлой контрольной?',
    answer: ['12', 'Они в курсе, в разделе «Контрольные», файл за сентябрь.', 1],
  },
  {
    daysAgo: 6,
    course: '3',
    student: '128',
    to: '16',
    text: 'Можно ли взять для сочинения рассказ, а не роман?',
    answer: ['16', 'Можно, если в нём есть то, о чём спрашивает тема.', 11],
  },
  {
    daysAgo: 2,
    course: '2',
    student: '108',
    to: '14',
    text: 'Почему при растворении соли вода становится холоднее?',
    overdueHours: 12,
  },
  {
    daysAgo: 2,
    course: '3',
    student: '124',
    to: '18',
    text: 'Чем право отличается от морали, если наказать могут и за то и за другое?',
    overdueHours: 3,
  },
  {
    daysAgo: 1,
    course: '3',
    student: '138',
    to: '15',
    text: 'Можно ли сдать черновик сочинения на день позже?',
    answer: ['15', 'Можно, до вечера пятницы. Напишите в заголовке «поздний».', 4],
  },
];

const NEW_QUESTIONS: readonly SeededQuestion[] = [
  {
    course: '2',
    student: '103',
    text: 'Как упростить $\\frac{x^2 - 9}{x + 3}$? У меня получается $x - 3$, а в ответе ещё написано $x \\ne -3$.',
    consent: true,
  },
  {
    course: '2',
    student: '119',
    to: '11',
    taken: '11',
    text: 'Не открывается ссылка на запись вчерашнего занятия.',
  },
  { course: '3', student: '121', text: 'Будет ли консультация по истории на этой неделе?' },
];

/** @param wait lets so many working hours pass between a question and its answer */
export async function ask(
  feature: QuestionsFeature,
  context: SeedContext,
  question: SeededQuestion,
  wait: (hours: number) => void = () => undefined,
): Promise<void> {
  const { course, student, to, text, consent = false, answer, published, taken } = question;
  const actor = context.actor(student, course);
  const asked = await feature.questions.ask(
    actor,
    {
      to:
        to === undefined ? { kind: 'course', id: '' } : { kind: 'teacher', id: context.people.get(to) ?? '' },
      text,
      consent,
      key: `seed-${course}-${student}-0000`,
    },
    [],
  );
  if (taken !== undefined) await feature.questions.take(context.actor(taken, course), asked.id);
  if (answer === undefined) return;
  const [teacherId, answerText, hours] = answer;
  wait(hours);
  const teacher = context.actor(teacherId, course);
  const answered = await feature.questions.write(teacher, asked.id, answerText, []);
  if (published === undefined) return;
  await feature.faq.publish(teacher, answered, { question: text, answer: answerText, audience: published });
}

export async function isEmpty(feature: QuestionsFeature, now: Date): Promise<boolean> {
  for await (const _question of feature.askedBetween(new Date(0), now)) return false;
  return true;
}

/** Questions of today, one of them taken. */
export async function seedQuestions(feature: QuestionsFeature, context: SeedContext): Promise<void> {
  for (const question of NEW_QUESTIONS) await ask(feature, context, question);
}
