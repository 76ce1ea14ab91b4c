/** Texts of what a teacher sets, and of what follows from it. */
export const settingsTexts = {
  more: {
    attempts: 'Попытки, время, доступ',
    grades: 'Оценки и обратная связь',
  },
  delayMinutes: 'Пауза между попытками, минут',
  delayHint: 'Пусто: без паузы',
  accessCode: 'Код доступа',
  accessCodeHint: 'Обучающийся вводит его перед началом. Пусто: не нужен',
  whenOverdue: 'Когда время вышло',
  overdue: {
    submit: 'Завершить попытку',
    grace: 'Дать время завершить без правки ответов',
    abandon: 'Не засчитывать незавершённую',
  },
  overdueMinutes: 'Сколько минут на завершение',
  overdueHint: 'Только для второго варианта',
  pageSize: 'Вопросов на странице',
  pageSizeHint: 'Пусто: все на одной',
  sequential: 'Без возврата к прошлым страницам',
  pledge: 'Перед началом обучающийся подтверждает, что работает самостоятельно',
  scale: 'Шкала',
  scaleHint: 'В журнал оценок уходят баллы, а оценка по шкале в комментарии',
  passPercent: 'Проходной балл, %',
  passHint: 'Пусто: нет. С ним тест считается сданным или несданным',
  thresholds: 'Пороги пятибалльной шкалы, %',
  threshold: 'Оценка {{grade}} от',
  bands: 'Общий отзыв по результату',
  bandsHint: 'По одному в строке, с процентом, от которого он показывается: 80 % Отлично, материал усвоен',
  reviewClosed: 'Что видно после закрытия теста',
  reviewSame: 'То же, что и до закрытия',
  partialGrades: 'Передавать оценку, не дожидаясь проверки развёрнутых ответов',
  holdGrades: 'Не передавать оценки, пока я их не открою',
} as const;

export const scaleNames = {
  points: 'Баллы',
  percent: 'Проценты',
  five: 'Пятибалльная',
  pass: 'Зачёт / незачёт',
} as const;

export const startTexts = {
  code: 'Код доступа',
  pledge: 'Я выполняю работу самостоятельно',
  delayed: 'Следующую попытку можно начать',
} as const;

export const ruleTexts = {
  pass: 'Чтобы сдать, нужно {{percent}} %',
  delay_one: 'Между попытками {{count}} минута',
  delay_few: 'Между попытками {{count}} минуты',
  delay_many: 'Между попытками {{count}} минут',
  delay_other: 'Между попытками {{count}} минуты',
} as const;

/** The table of what a student sees, and when. */
export const reviewGridTexts = {
  title: 'Что и когда видит обучающийся',
  lead: 'Таблица действует, если выше выбрано «Как отмечено в таблице».',
  what: 'Что',
  during:
    '«Во время» добавляет к каждому вопросу кнопку «Проверить ответ»: проверенный ответ уже не изменить.',
  phase: {
    during: 'Во время',
    after: 'Две минуты после',
    open: 'Позже, до закрытия',
    closed: 'После закрытия',
  },
  thing: {
    attempt: 'Вопросы и свои ответы',
    correct: 'Верно или неверно',
    maximum: 'Сколько баллов можно получить',
    marks: 'Полученные баллы',
    specific: 'Пояснение к своему ответу',
    general: 'Пояснение к вопросу',
    answer: 'Верный ответ',
    overall: 'Общий отзыв',
  },
} as const;
