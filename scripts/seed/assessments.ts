import {
  USUAL_GRID,
  USUAL_SETTINGS,
  type AssessmentsFeature,
  type QuestionContent,
  type TestSettings,
} from '../../src/features/assessments/index.js';
import { DAY } from '../../src/shared/clock.js';
import type { Actor } from '../../src/shared/actor.js';
import type { SeedContext } from './context.js';
import { graphs, line, triangle } from './question-pictures.js';

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

const EVERY_TYPE: readonly QuestionContent[] = [
  {
    name: 'Углы треугольника',
    text: 'Сумма углов любого треугольника равна 180°.',
    mark: 1,
    feedback: '',
    category: 'Геометрия',
    definition: { type: 'truefalse', right: true, ifTrue: '', ifFalse: 'Вспомните теорему о сумме углов.' },
  },
  {
    name: 'Площади фигур',
    text: 'Соедините фигуру и формулу её площади.',
    mark: 3,
    feedback: '',
    category: 'Геометрия',
    definition: {
      type: 'matching',
      pairs: [
        { prompt: 'Прямоугольник', answer: 'a · b' },
        { prompt: 'Треугольник', answer: 'a · h / 2' },
        { prompt: 'Круг', answer: 'πr²' },
      ],
      distractors: ['2πr'],
    },
  },
  {
    name: 'Порядок чисел',
    text: 'Расположите числа по возрастанию.',
    mark: 2,
    feedback: '',
    category: 'Алгебра / Числа',
    definition: { type: 'ordering', items: ['−2', '0,3', '1/2', '√2', '2'], credit: 'places' },
  },
  {
    text: 'Впишите и выберите пропущенное.',
    mark: 3,
    feedback: '',
    category: 'Алгебра / Уравнения',
    definition: {
      type: 'cloze',
      body: 'Уравнение x² = 9 имеет [[1]] корня, больший из них равен [[2]]. Теорема [[3]] связывает корни с коэффициентами.',
      gaps: [
        {
          kind: 'choice',
          options: [
            { text: 'два', fraction: 1 },
            { text: 'один', fraction: 0 },
            { text: 'ни одного', fraction: 0 },
          ],
        },
        { kind: 'numerical', value: 3, tolerance: 0 },
        { kind: 'short', accepted: [{ text: 'Виета', fraction: 1 }] },
      ],
    },
  },
  {
    text: 'Перетащите слова на свои места.',
    mark: 2,
    feedback: '',
    category: 'Геометрия',
    definition: {
      type: 'dragwords',
      body: 'Квадрат [[1]] равен сумме квадратов [[2]].',
      answers: ['гипотенузы', 'катетов'],
      distractors: ['медиан'],
    },
  },
  {
    text: 'Поезд прошёл {s} км за {t} ч. Найдите среднюю скорость в км/ч с точностью до десятых.',
    mark: 2,
    feedback: '',
    category: 'Алгебра / Задачи',
    definition: {
      type: 'calculated',
      formula: 's / t',
      variables: [
        { name: 's', least: 120, most: 480, decimals: 0 },
        { name: 't', least: 2, most: 6, decimals: 0 },
      ],
      tolerance: 0.06,
      toleranceKind: 'absolute',
    },
  },
  {
    text: 'Чему равен \\(\\sqrt{2^{10}}\\)? Ответ можно дать в любом виде, например 3,2·10¹.',
    mark: 1,
    feedback: '$$\\sqrt{2^{10}} = 2^5 = 32$$',
    hints: ['Корень вдвое уменьшает показатель степени.'],
    hintPenalty: 0.25,
    tryPenalty: 0.25,
    category: 'Алгебра / Числа',
    definition: { type: 'numerical', value: 32, tolerance: 0, toleranceKind: 'absolute' },
  },
  single('Какая из функций убывает на всей числовой прямой?', 'y = −2x + 1', ['y = x²', 'y = 3x', 'y = |x|']),
  multiple('Какие числа делятся и на 2, и на 3?', ['12', '18'], ['14', '9', '15']),
  short('Как называется отрезок, соединяющий вершину треугольника с серединой противоположной стороны?', [
    'медиана',
  ]),
  {
    text: 'Объясните своими словами, почему уравнение x² + 1 = 0 не имеет действительных корней.',
    mark: 5,
    feedback: '',
    category: 'Алгебра / Уравнения',
    definition: {
      type: 'essay',
      lines: 6,
      leastWords: 10,
      mostWords: 150,
      notes: '5: сказано, что квадрат неотрицателен, и сделан вывод. 3: только вычислен дискриминант.',
    },
  },
  {
    text: 'Приложите фотографию решения задачи 7 из учебника.',
    mark: 3,
    feedback: '',
    definition: { type: 'file', mostFiles: 2, notes: '' },
  },
];

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
      description:
        'Закон Ома для участка цепи. Попыток сколько угодно, в зачёт идёт последняя. Отмечайте, насколько вы уверены.',
      attemptsAllowed: 0,
      grading: 'last',
      review: 'marks',
      shuffleQuestions: true,
      certainty: true,
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
    course: '2',
    teacher: '11',
    settings: {
      title: 'Итоговая работа: вопросы всех видов',
      description: 'Здесь есть вопрос каждого вида. Развёрнутый ответ и файл проверяет преподаватель.',
      attemptsAllowed: 3,
      scale: 'five',
      passPercent: 50,
      review: 'custom',
      reviewGrid: { ...USUAL_GRID, during: ['correct', 'specific'] },
      bands: [
        { percent: 0, text: 'Повторите тему и попробуйте ещё раз.' },
        { percent: 85, text: 'Отлично, материал усвоен.' },
      ],
    },
    questions: EVERY_TYPE,
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

/** Questions about pictures, which are stored first. */
async function pictureQuestions(
  feature: AssessmentsFeature,
  { courseId, personId }: Pick<Actor, 'courseId' | 'personId'>,
): Promise<QuestionContent[]> {
  const keep = async (name: string, bytes: Buffer): Promise<string> => {
    const stored = await feature.questionFiles.keep(courseId, personId, { name, bytes });
    if (stored === null) throw new Error(`the picture ${name} could not be stored`);
    return stored.id;
  };
  const side = (coords: readonly number[], answer: string, label: string) => ({
    shape: 'rect' as const,
    coords,
    label,
    answer,
  });
  const place = (left: number, label: string, right: boolean) => ({
    shape: 'rect' as const,
    coords: [left, 10, left + 200, 220],
    label,
    right,
  });
  return [
    {
      text: 'На каком рисунке график функции \\(y = x^2 - 1\\)?',
      mark: 1,
      feedback: 'График квадратичной функции: парабола.',
      category: 'Алгебра / Функции',
      tags: ['график'],
      definition: {
        type: 'hotspot',
        image: await keep('графики.png', await graphs()),
        width: 640,
        height: 230,
        areas: [place(2, 'прямая', false), place(217, 'парабола', true), place(432, 'две ветви', false)],
      },
    },
    {
      text: 'Подпишите стороны прямоугольного треугольника.',
      mark: 3,
      feedback: '',
      category: 'Геометрия',
      definition: {
        type: 'dragimage',
        image: await keep('треугольник.png', await triangle()),
        width: 520,
        height: 340,
        zones: [
          side([250, 110, 410, 150], 'гипотенуза', 'наклонная сторона'),
          side([5, 150, 100, 190], 'катет', 'левая сторона'),
          side([190, 285, 330, 325], 'катет', 'нижняя сторона'),
        ],
        distractors: ['медиана', 'высота'],
      },
    },
    {
      text: `Запишите угловой коэффициент прямой.\n\n![Прямая на клетчатой бумаге: проходит через точки (0; 1) и (2; 5)](files/${await keep('прямая.png', await line())})`,
      mark: 1,
      feedback: '\\(k = \\frac{5 - 1}{2 - 0} = 2\\)',
      category: 'Алгебра / Функции',
      tags: ['график'],
      definition: { type: 'numerical', value: 2, tolerance: 0, toleranceKind: 'absolute' },
    },
  ];
}

/** Three published tests, in a course that has none yet. Some students of the first have taken it already. */
export async function seedAssessments(feature: AssessmentsFeature, context: SeedContext): Promise<void> {
  const empty = new Map<string, boolean>();
  for (const { course, teacher, settings, days, questions } of TESTS) {
    const actor = context.actor(teacher, course);
    if (!empty.has(course)) empty.set(course, (await feature.tests.list(actor)).length === 0);
    if (empty.get(course) !== true) continue;
    const closesAt = days === undefined ? null : new Date(context.now.getTime() + days * DAY);
    const test = await feature.tests.create(actor, { ...USUAL_SETTINGS, ...settings, closesAt });
    const keys: string[] = [];
    const all =
      questions === EVERY_TYPE ? [...(await pictureQuestions(feature, actor)), ...questions] : questions;
    for (const question of all) keys.push(await feature.tests.addQuestion(actor, test.id, question));
    // A colleague's questions, for the page of shared ones.
    if (course === '3') await feature.bank.change(actor, keys, { action: 'share', with: 'colleagues' });
    await feature.tests.publish(actor, test.id);
    if (test.title === TESTS[0]?.settings.title) await takeBy(feature, context, test.id);
    if (questions === EVERY_TYPE) await writeEssays(feature, context, test.id);
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

/** Essays of students of course 2 that wait for a teacher's marks. */
const ESSAYS: Readonly<Record<string, string>> = {
  '108':
    'Квадрат любого действительного числа не меньше нуля. Значит, x² + 1 не меньше единицы и нулём быть не может.',
  '111': 'Дискриминант равен −4, он меньше нуля, поэтому корней нет.',
  '113':
    'Потому что если перенести единицу, получится x² = −1, а корень из отрицательного числа не извлекается.',
};

async function writeEssays(feature: AssessmentsFeature, context: SeedContext, testId: string): Promise<void> {
  for (const [student, essay] of Object.entries(ESSAYS)) {
    const actor = context.actor(student, '2');
    const { id } = await feature.attempts.start(actor, testId);
    const { versions } = await feature.attempts.open(actor, testId, id);
    const given: Readonly<Record<string, readonly string[]>> = {
      essay: [essay],
      truefalse: [student === '113' ? 'false' : 'true'],
      numerical: ['32'],
      short: ['медиана'],
    };
    const answers = versions.flatMap(({ definition }, index) => {
      const sent = given[definition.type];
      return sent === undefined ? [] : [{ index, sent, base: 0, saveId: '' }];
    });
    await feature.attempts.finish(actor, testId, id, answers);
  }
}
