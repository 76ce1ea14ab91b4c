/** Texts of questions and their types. */
export const questionTexts = {
  details: 'Название, оформление, категория, подсказки',
  name: 'Название',
  nameHint: 'По нему вопрос легко найти в банке. Обучающиеся его не видят.',
  format: 'Как записан текст',
  formatHint:
    'Формулы LaTeX: $$x^2$$ отдельной строкой, $x^2$ или \\(x^2\\) в строке. Код в Markdown: ``` сверху и снизу',
  formats: {
    plain: 'Обычный текст',
    markdown: 'Markdown',
    html: 'HTML',
  },
  category: 'Категория',
  categoryHint: 'Например: Алгебра / Уравнения',
  tags: 'Метки',
  tagsHint: 'Через запятую',
  hints: 'Подсказки',
  hintsHint: 'По одной в строке. Обучающийся открывает их по очереди.',
  hintPenalty: 'Цена подсказки, %',
  hintPenaltyHint: 'Сколько баллов снимает каждая',
  tryPenalty: 'Цена новой попытки, %',
  tryPenaltyHint:
    'Где ответы проверяются по ходу теста: неверный можно исправить за эту часть балла. Пусто: проверенный ответ остаётся как есть',
  optionDetails: 'Части балла и пояснения к вариантам',
  worthHint: 'Доля балла в процентах, у неверных может быть отрицательной. Пусто: по обычному правилу.',
  worthNumber: 'Вариант {{number}}: доля, %',
  remarkNumber: 'Вариант {{number}}: пояснение',
  digits: 'в значащих цифрах',
  moreRows: 'Ещё строки',
  body: 'Текст с пропусками',
  distractorsHint: 'По одному в строке',
  remarks: 'Пояснения к ответам',
  remarksHint: 'По одному в строке: ответ # пояснение. Ответ может быть и неверным; * значит любой другой.',
  notes: 'Для проверяющих',
  notesHint: 'Критерии и образец ответа. Обучающийся их не видит.',
} as const;

export const answeringTexts = {
  gap: 'Пропуск {{number}}',
  hint: 'Подсказка (ещё {{count}})',
  hintCost: '−{{percent}} % балла',
} as const;

export const fileTexts = {
  none: 'Файлов пока нет.',
  number: 'Файл {{number}}',
  title: 'Файлы к вопросу {{number}}',
  upload: 'Загрузить',
  choose: 'Файл',
  back: 'Вернуться к вопросам',
  remove: 'Убрать',
  limit: 'Не больше {{megabytes}} МБ каждый, всего не больше {{count}}.',
} as const;

export const reviewTexts = {
  missed: 'Не всё удалось: вопросы {{list}}. Разберите их на консультации, к записи они приложатся сами.',
  consultation: 'Записаться на консультацию',
  digits: '({{digits}} знач. цифры)',
  comment: 'Комментарий преподавателя:',
  treatment: {
    dropped: 'Вопрос исключён из подсчёта.',
    full: 'За этот вопрос полный балл получили все.',
  },
  tries_one: 'До этого ответа {{count}} попытка',
  tries_few: 'До этого ответа {{count}} попытки',
  tries_many: 'До этого ответа {{count}} попыток',
  tries_other: 'До этого ответа {{count}} попытки',
  hints_one: 'Взята {{count}} подсказка',
  hints_few: 'Взято {{count}} подсказки',
  hints_many: 'Взято {{count}} подсказок',
  hints_other: 'Взято {{count}} подсказки',
  waiting_one: 'Ждёт проверки {{count}} ответ. Балл пока неполный.',
  waiting_few: 'Ждут проверки {{count}} ответа. Балл пока неполный.',
  waiting_many: 'Ждут проверки {{count}} ответов. Балл пока неполный.',
  waiting_other: 'Ждут проверки {{count}} ответа. Балл пока неполный.',
} as const;
