import {
  USUAL_SETTINGS,
  type AssessmentsFeature,
  type QuestionContent,
  type TestSettings,
} from '../../src/features/assessments/index.js';
import { DAY } from '../../src/shared/clock.js';
import type { SeedContext } from './context.js';

interface SeededTest {
  /** Of the demo LMS: whose course, and who wrote it. */
  readonly course: string;
  readonly teacher: string;
  readonly settings: Partial<TestSettings> & Pick<TestSettings, 'title' | 'description'>;
  /** Closes so many days from now. */
  readonly days?: number;
  readonly questions: readonly QuestionContent[];
}

const options = (right: readonly string[], wrong: readonly string[]) =>
  [...right.map((text) => ({ text, right: true })), ...wrong.map((text) => ({ text, right: false }))].sort(
    (a, b) => a.text.localeCompare(b.text, 'ru'),
  );

const single = (text: string, right: string, wrong: readonly string[], feedback = ''): QuestionContent => ({
  text,
  mark: 1,
  feedback,
  definition: { type: 'single', options: options([right], wrong) },
});

const multiple = (
  text: string,
  right: readonly string[],
  wrong: readonly string[],
  feedback = '',
): QuestionContent => ({
  text,
  mark: 2,
  feedback,
  definition: { type: 'multiple', options: options(right, wrong) },
});

const short = (text: string, accepted: readonly string[], feedback = ''): QuestionContent => ({
  text,
  mark: 1,
  feedback,
  definition: { type: 'short', accepted, caseMatters: false },
});

const numerical = (text: string, value: number, tolerance = 0, feedback = ''): QuestionContent => ({
  text,
  mark: 2,
  feedback,
  definition: { type: 'numerical', value, tolerance, toleranceKind: 'absolute' },
});

const TESTS: readonly SeededTest[] = [
  {
    course: '2',
    teacher: '11',
    days: 10,
    settings: {
      title: 'Квадратные уравнения',
      description: 'Проверьте себя перед контрольной. Калькулятор не понадобится, черновик — да.',
      attemptsAllowed: 2,
      timeLimitMinutes: 25,
    },
    questions: [
      single(
        'Сколько корней имеет уравнение x² − 6x + 9 = 0?',
        'Один',
        ['Ни одного', 'Два', 'Бесконечно много'],
        'Дискриминант равен 36 − 36 = 0, поэтому корень один: x = 3.',
      ),
      numerical('Найдите дискриминант уравнения 2x² − 7x + 3 = 0.', 25, 0, 'D = b² − 4ac = 49 − 24 = 25.'),
      multiple(
        'Какие из чисел являются корнями уравнения x² − x − 6 = 0?',
        ['3', '−2'],
        ['2', '−3', '6'],
        'По теореме Виета сумма корней равна 1, а произведение −6.',
      ),
      short('Как называется теорема о сумме и произведении корней приведённого квадратного уравнения?', [
        'теорема Виета',
        'Виета',
        'Виет',
      ]),
      numerical(
        'Больший корень уравнения x² = 5. Ответ округлите до сотых.',
        2.24,
        0.005,
        '√5 ≈ 2,236, до сотых 2,24.',
      ),
    ],
  },
  {
    course: '2',
    teacher: '13',
    settings: {
      title: 'Сила тока, напряжение, сопротивление',
      description: 'Закон Ома для участка цепи. Попыток сколько угодно, в зачёт идёт последняя.',
      attemptsAllowed: 0,
      grading: 'last',
      review: 'marks',
      shuffleQuestions: true,
    },
    questions: [
      single('В каких единицах измеряют сопротивление?', 'В омах', ['В амперах', 'В вольтах', 'В ваттах']),
      numerical(
        'Напряжение на лампе 12 В, сила тока 0,5 А. Каково сопротивление лампы в омах?',
        24,
        0,
        'R = U / I = 12 / 0,5 = 24 Ом.',
      ),
      multiple(
        'От чего зависит сопротивление металлического проводника?',
        ['От длины', 'От площади сечения', 'От материала', 'От температуры'],
        ['От силы тока', 'От напряжения на концах'],
      ),
      short('Каким прибором измеряют силу тока?', ['амперметр*', 'миллиамперметр*', 'мультиметр*']),
      single('Как включают вольтметр, чтобы измерить напряжение на лампе?', 'Параллельно лампе', [
        'Последовательно с лампой',
        'Вместо лампы',
        'Как угодно',
      ]),
    ],
  },
  {
    course: '3',
    teacher: '15',
    days: 5,
    settings: {
      title: 'Сложное предложение: знаки препинания',
      description:
        'Материал второй недели. После завершения разберите ошибки: к каждому вопросу есть пояснение.',
      attemptsAllowed: 1,
      timeLimitMinutes: 15,
    },
    questions: [
      single(
        'В каком предложении расставлены все запятые?',
        'Я знаю, что ты придёшь и что мы обо всём поговорим.',
        [
          'Я знаю, что ты придёшь, и что мы обо всём поговорим.',
          'Я знаю что ты придёшь, и что мы обо всём поговорим.',
          'Я знаю что ты придёшь и что мы обо всём поговорим.',
        ],
        'Однородные придаточные соединены одиночным союзом «и»: между ними запятой нет, перед первым она нужна.',
      ),
      multiple(
        'Отметьте сложноподчинённые предложения.',
        ['Я приду, если успею.', 'Дом, где мы жили, снесли.'],
        ['Гром гремел, и шёл дождь.', 'Наступила осень, листья пожелтели.'],
      ),
      short(
        'Каким союзом можно заменить тире: «Лес рубят — щепки летят»? Назовите один.',
        ['когда', 'если', 'поэтому', 'потому', 'и'],
        'Тире стоит в бессоюзном предложении со значением времени, условия или следствия.',
      ),
      short('Как называется сложное предложение, части которого связаны только интонацией?', [
        'бессоюзное*',
        'бессоюзным*',
      ]),
      numerical(
        'Сколько грамматических основ в предложении: «Я слышал, как он вошёл, снял пальто и позвал хозяина»?',
        2,
      ),
    ],
  },
];

/** Three published tests, in a course that has none yet. Some students of the first have taken it already. */
export async function seedAssessments(feature: AssessmentsFeature, context: SeedContext): Promise<void> {
  const empty = new Map<string, boolean>();
  for (const { course, teacher, settings, days, questions } of TESTS) {
    const actor = context.actor(teacher, course);
    if (!empty.has(course)) empty.set(course, (await feature.tests.list(actor)).length === 0);
    if (empty.get(course) !== true) continue;
    const closesAt = days === undefined ? null : new Date(context.now.getTime() + days * DAY);
    const test = await feature.tests.create(actor, { ...USUAL_SETTINGS, ...settings, closesAt });
    for (const question of questions) await feature.tests.addQuestion(actor, test.id, question);
    await feature.tests.publish(actor, test.id);
    if (test.title === TESTS[0]?.settings.title) await takeBy(feature, context, test.id);
  }
}

/** What students of course 2 answer to the first test: as they would type it, or the texts they would tick. */
const TAKEN: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '108': [['Один'], ['25'], ['3', '−2'], ['Теорема Виета'], ['2,24']],
  '111': [['Один'], ['25'], ['3'], ['виета'], ['2,23']],
  '113': [['Два'], ['25'], ['3', '2'], ['пифагора'], ['2.24']],
  '116': [['Один'], ['-25'], ['3', '−2'], ['Виет'], ['2,24']],
  '120': [['Ни одного'], ['49'], [], [], ['5']],
};

async function takeBy(feature: AssessmentsFeature, context: SeedContext, testId: string): Promise<void> {
  for (const [student, responses] of Object.entries(TAKEN)) {
    const actor = context.actor(student, '2');
    const { id } = await feature.attempts.start(actor, testId);
    const { attempt, versions } = await feature.attempts.open(actor, testId, id);
    const answers = versions.map(({ definition }, index) => {
      const texts = responses[index] ?? [];
      const sent =
        'options' in definition
          ? texts.map((text) => {
              const part = definition.options.findIndex((option) => option.text === text);
              return String(attempt.questions[index]?.order.indexOf(part) ?? -1);
            })
          : texts;
      return { index, sent, base: 0, saveId: '' };
    });
    await feature.attempts.finish(actor, testId, id, answers);
  }
}
