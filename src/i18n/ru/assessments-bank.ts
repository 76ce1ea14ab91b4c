/** Texts of the question bank, and of pictures and recordings in questions. */
export const bankPageTexts = {
  title: 'Банк вопросов',
  open: 'Банк вопросов',
  lead: 'Вопросы курса отдельно от тестов. Один вопрос может стоять в нескольких тестах.',
  empty: 'Вопросов пока нет. Напишите первый или загрузите готовые.',
  nothing: 'Таких вопросов нет.',
  add: 'Новый вопрос:',
  search: 'Поиск',
  type: 'Тип',
  any: 'любой',
  /** Категория, метка. */
  anyOf: 'любая',
  found_one: '{{count}} вопрос',
  found_few: '{{count}} вопроса',
  found_many: '{{count}} вопросов',
  found_other: '{{count}} вопроса',
  look: 'Открыть',
  unused: 'не стоит ни в одном тесте',
  inTests: 'в тестах: {{titles}}',
  question: 'Вопрос из банка',
  duplicates: 'Одинаковые вопросы',
  duplicatesLead: 'У этих вопросов один и тот же текст. Лишние можно убрать, если они не стоят в тестах.',
  noDuplicates: 'Одинаковых вопросов нет.',
  shared: 'Вопросы коллег',
  sharedLead: 'Ими поделились преподаватели других курсов. Копия в вашем банке станет вашей.',
  noShared: 'Коллеги пока ничем не поделились.',
  from: 'курс «{{course}}»',
  take: 'Скопировать в банк',
  colleagues: 'все преподаватели центра',
  withColleagues: 'доступен всем преподавателям',
  withAssociation: 'доступен объединению «{{name}}»',
  chosen: 'С отмеченными вопросами',
  apply: 'Выполнить',
  choose: 'Отметьте хотя бы один вопрос.',
  actions: {
    test: 'Добавить в тест',
    category: 'Переложить в категорию',
    tag: 'Поставить метку',
    untag: 'Снять метку',
    share: 'Поделиться',
    unshare: 'Больше не делиться',
    remove: 'Убрать из банка',
  },
  fields: {
    action: 'Действие',
    test: 'Тест',
    category: 'Категория',
    tag: 'Метка',
    with: 'С кем',
  },
  fieldsHint: 'Заполните то, что нужно для действия.',
  usage: 'Где используется',
  drawn: 'Может выпасть по случайному выбору: {{titles}}',
  versions: 'Версии',
  version: 'Версия {{version}}',
  preview: 'Так видит обучающийся',
} as const;

export const mediaTexts = {
  attach: 'Картинка или аудио',
  attachHint:
    'До {{megabytes}} МБ: PNG, JPEG, GIF, WebP, SVG, MP3, OGG. Файл встанет в поле, где вы писали последним. Картинку можно вставить и из буфера обмена.',
  insert: 'Вставить в вопрос',
} as const;

export const pictureQuestionTexts = {
  picture: 'Картинка',
  choosePicture: 'Выберите картинку',
  otherPicture: 'Другая картинка',
  showPicture: 'Загрузить картинку',
  drawHint: 'Обведите на картинке каждую область мышью или впишите её координаты ниже.',
  areaShape: 'Область {{number}}: форма',
  areaCoords: 'Область {{number}}: координаты',
  areaLabel: 'Описание',
  areaLabelNumber: 'Область {{number}}: описание для тех, кто не видит картинку',
  shapes: {
    rect: 'прямоугольник',
    circle: 'круг',
    poly: 'многоугольник',
  },
  coords: {
    rect: 'слева, сверху, справа, снизу',
    circle: 'x, y, радиус',
    poly: 'x, y, x, y, x, y…',
  },
  saveNext: 'Сохранить и следующий',
  preview: 'Посмотреть',
  previewTitle: 'Так увидит обучающийся',
} as const;

export const pictureAnswerTexts = {
  picture: 'Картинка к вопросу',
} as const;

export const bankDone = {
  bankChanged: 'Готово',
  bankChangedPartly:
    'Готово. Часть вопросов не изменилась: они стоят в тестах, уже были такими или их правят',
  bankTaken: 'Вопросы скопированы в банк',
} as const;
