export const questionFields = {
  questionFileType: 'Такие файлы не принимаются: подойдут снимок, документ, текст, запись',
} as const;

export const questionErrors = {
  'question-closed': {
    title: 'Вопрос закрыт',
    text: 'Писать в него больше нельзя. Обучающийся может открыть его снова.',
  },
  'question-taken': {
    title: 'Вопрос уже взяли',
    text: 'На него отвечает другой преподаватель.',
  },
  'question-no-consent': {
    title: 'Нет разрешения',
    text: 'Обучающийся не разрешил публиковать этот вопрос.',
  },
  'question-unanswered': {
    title: 'Ответа ещё нет',
    text: 'Сначала ответьте, потом публикуйте.',
  },
} as const;
