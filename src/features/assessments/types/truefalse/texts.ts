import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Верно или неверно',
  answer: { true: 'Верно', false: 'Неверно', null: 'нет ответа' },
  statementIs: 'Утверждение',
  ifTrue: 'Пояснение тем, кто ответил «Верно»',
  ifFalse: 'Пояснение тем, кто ответил «Неверно»',
} as const;

export const en: English<typeof ru> = {
  name: 'True or false',
  answer: { true: 'True', false: 'False', null: 'no answer' },
  statementIs: 'The statement is',
  ifTrue: 'Feedback to the answer “True”',
  ifFalse: 'Feedback to the answer “False”',
};
