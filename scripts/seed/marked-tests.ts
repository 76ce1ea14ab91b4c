import type { Features } from '../../src/app.js';
import { USUAL_SETTINGS, type QuestionContent } from '../../src/features/assessments/index.js';
import type { Actor } from '../../src/shared/actor.js';
import { DomainError } from '../../src/shared/errors.js';
import type { SeedContext } from './context.js';

const COURSE = '2';
const TEACHER = '11';
export const FINISHED_TEST = 'Неравенства: входная контрольная';
/** The test whose essays wait for a teacher. */
const ESSAYS_TEST = 'Итоговая работа: вопросы всех видов';

const single = (text: string, options: readonly string[], right: string, feedback = ''): QuestionContent => ({
  text,
  mark: 1,
  feedback,
  category: 'Алгебра / Неравенства',
  definition: {
    type: 'single',
    options: options.map((option) => ({ text: option, right: option === right })),
  },
});

const SIGN = 'Решите неравенство −3x < 9.';
const SIGNS = ['x < −3', 'x > −3', 'x < 3', 'x > 3'];
const SIGN_FEEDBACK = 'При делении на отрицательное число знак неравенства меняется.';

const QUESTIONS: readonly QuestionContent[] = [
  single('Решите неравенство 2x − 6 > 0.', ['x > 3', 'x < 3', 'x > −3', 'x > 6'], 'x > 3'),
  single('Какое из чисел является решением неравенства x² < 4?', ['−3', '1', '2', '5'], '1'),
  {
    text: 'Сколько целых решений у неравенства |x| < 3?',
    mark: 2,
    feedback: 'Подходят −2, −1, 0, 1 и 2.',
    category: 'Алгебра / Неравенства',
    definition: { type: 'numerical', value: 5, tolerance: 0, toleranceKind: 'absolute' },
  },
  // The key is wrong at first: that is what the regrade is for.
  single(SIGN, SIGNS, 'x < −3', SIGN_FEEDBACK),
];

/** What students answer, the weakest first. */
const TAKEN: readonly (readonly [student: string, ...answers: string[]])[] = [
  ['120', 'x < 3', '5', '3', 'x < 3'],
  ['109', 'x > 6', '2', '3', 'x < −3'],
  ['117', 'x > 3', '−3', '2', 'x < −3'],
  ['114', 'x > 3', '2', '6', 'x > −3'],
  ['110', 'x > 3', '1', '3', 'x < −3'],
  ['118', 'x > 3', '2', '5', 'x < −3'],
  ['122', 'x > 3', '1', '4', 'x > −3'],
  ['113', 'x > 3', '1', '5', 'x < −3'],
  ['115', 'x > 3', '1', '6', 'x > −3'],
  ['119', 'x > 3', '1', '5', 'x > −3'],
  ['116', 'x > 3', '1', '5', 'x > −3'],
  ['111', 'x > 3', '1', '5', 'x > −3'],
];

/** Criteria by which the essays are marked. */
const CRITERIA = [
  {
    title: 'Рассуждение',
    levels: [
      { points: 3, text: 'Сказано, что квадрат неотрицателен, и сделан вывод' },
      { points: 1, text: 'Только вычислен дискриминант' },
      { points: 0, text: 'Объяснения нет' },
    ],
  },
  {
    title: 'Изложение',
    levels: [
      { points: 2, text: 'Понятно и без ошибок' },
      { points: 1, text: 'Есть неточности' },
      { points: 0, text: 'Понять нельзя' },
    ],
  },
];

type Seeded = Pick<Features, 'assessments' | 'consultations'>;

/**
 * What a teacher does after a test: criteria for the essays that wait, a finished test with statistics, a key that was
 * corrected since (a regrade waits for the decision), and a student who booked a consultation about the failed topic.
 */
export async function seedMarkedTests(features: Seeded, context: SeedContext): Promise<void> {
  const { assessments } = features;
  const teacher = context.actor(TEACHER, COURSE);
  const tests = await assessments.tests.list(teacher);
  if (tests.some(({ title }) => title === FINISHED_TEST)) return;
  const essays = tests.find(({ title }) => title === ESSAYS_TEST);
  if (essays !== undefined) {
    const placed = await assessments.tests.placed(essays);
    const key = placed.find(({ question }) => question.definition.type === 'essay')?.item.key;
    if (key !== undefined) await assessments.rubrics.save(teacher, essays.id, key, 0, CRITERIA);
  }

  const { id } = await assessments.tests.create(teacher, {
    ...USUAL_SETTINGS,
    title: FINISHED_TEST,
    description: 'Пройдена всем классом. Оценка по пятибалльной шкале.',
    attemptsAllowed: 1,
    scale: 'five',
  });
  const keys: string[] = [];
  for (const question of QUESTIONS) keys.push(await assessments.tests.addQuestion(teacher, id, question));
  await assessments.tests.publish(teacher, id);
  const attempts: string[] = [];
  for (const [student, ...answers] of TAKEN) {
    attempts.push(await take(features, context.actor(student, COURSE), id, answers));
  }
  const [, , , signKey = ''] = keys;
  await assessments.tests.editQuestion(teacher, id, signKey, 1, single(SIGN, SIGNS, 'x > −3', SIGN_FEEDBACK));
  await assessments.regrades.plan(teacher, id);
  await bookAbout(features, context.actor(TAKEN[0]?.[0] ?? '', COURSE), attempts[0] ?? '');
}

async function take(
  { assessments }: Seeded,
  student: Actor,
  testId: string,
  texts: readonly string[],
): Promise<string> {
  const { id } = await assessments.attempts.start(student, testId);
  const { attempt, versions } = await assessments.attempts.open(student, testId, id);
  const answers = versions.map(({ definition, text }, index) => {
    const given = texts[QUESTIONS.findIndex((question) => question.text === text)] ?? '';
    if (!('options' in definition)) return { index, sent: [given], base: 0, saveId: '' };
    const part = definition.options.findIndex((option) => option.text === given);
    return {
      ...{ index, base: 0, saveId: '' },
      sent: [String(attempt.questions[index]?.order.indexOf(part) ?? -1)],
    };
  });
  await assessments.attempts.finish(student, testId, id, answers);
  return id;
}

/** Books the next free consultation, with the questions that went wrong. */
async function bookAbout({ consultations }: Seeded, student: Actor, attemptId: string): Promise<void> {
  const say = (moment: Date): string => moment.toISOString();
  for (const { slotId } of await consultations.freeFor(student, 20)) {
    try {
      const topic = `attempt-${attemptId}`;
      const question = 'Не понимаю, когда знак неравенства меняется.';
      await consultations.bookings.book(student, slotId, question, say, { topic });
      return;
    } catch (error) {
      // This one needs a file, or is too near; the next may do.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}
