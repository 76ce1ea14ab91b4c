import type { English } from '../english.js';
import type { questionErrors as ruErrors, questionFields as ruFields } from '../ru/errors-questions.js';

export const questionFields: English<typeof ruFields> = {
  questionFileType: 'Files of this kind are not taken: send a picture, a document, a text or a recording',
};

export const questionErrors: English<typeof ruErrors> = {
  'question-closed': {
    title: 'The question is closed',
    text: 'It takes no more messages. The student can open it again.',
  },
  'question-taken': {
    title: 'The question is taken',
    text: 'Another teacher is answering it.',
  },
  'question-no-consent': {
    title: 'There is no permission',
    text: 'The student has not allowed this question to be published.',
  },
  'question-unanswered': {
    title: 'There is no answer yet',
    text: 'Answer first, then publish.',
  },
};
