import { Router } from 'express';
import type { Translate } from '../../../i18n/index.js';
import type { Column, Reader } from '../../../infra/export/index.js';
import { defineList, listView, textFilter } from '../../../infra/lists/index.js';
import { fullName } from '../../../shared/names.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { formatNumber } from '../../../web/format.js';
import { present } from '../../../web/present.js';
import { questionKey, recordId } from '../assessments.schema.js';
import { excerptOf } from '../bank/excerpt.js';
import { rounded } from '../marking/grading.js';
import { isWaiting } from '../marking/mark.js';
import { saidWord, type TypeName } from '../types/index.js';
import type { QuestionAnswer, QuestionAnswers, QuestionAnswersService } from './question-answers.service.js';

const answersList = defineList({
  filters: { q: textFilter({ label: 'assessments.results.person' }) },
  sorts: { name: { heading: 'assessments.results.person' } },
  order: 'name',
  size: 40,
});

/** An essay is read on the attempt's page. */
const MOST_SHOWN = 300;

const pointsOf = ({ mark }: QuestionAnswer): number | null =>
  mark === null || isWaiting(mark) || mark.by === 'dropped' ? null : rounded(mark.score);

function answerText({ words, files, asked }: QuestionAnswer, type: TypeName, { t }: Reader): string {
  if (!asked) return t('assessments.answers.notAsked');
  if (files > 0) return t('assessments.answers.files', { count: files });
  return words.length === 0
    ? t('assessments.review.empty')
    : excerptOf(words.map((word) => saidWord(type, word, t)).join('; '), 'plain', MOST_SHOWN);
}

/** @param test address of the test */
const answerColumns = (test: string, type: TypeName): readonly Column<QuestionAnswer>[] => [
  {
    key: 'name',
    heading: 'assessments.results.person',
    kind: 'text',
    value: ({ name }, { t }) => fullName(name) || t('common.nameless'),
    link: ({ personId }) => `${test}/people/${personId}`,
  },
  {
    key: 'attempt',
    heading: 'assessments.results.attempt',
    kind: 'number',
    value: ({ attempt }) => attempt,
    shown: ({ attempt }) => `№ ${attempt}`,
    link: ({ attemptId }) => `${test}/attempts/${attemptId}`,
  },
  {
    key: 'answer',
    heading: 'assessments.statistics.answer',
    kind: 'text',
    value: (answer, reader) => answerText(answer, type, reader),
  },
  {
    key: 'points',
    heading: 'assessments.results.score',
    kind: 'number',
    value: pointsOf,
    shown: (answer, { t, locale }) => {
      const points = pointsOf(answer);
      if (points !== null) return `${formatNumber(points, locale)} / ${formatNumber(answer.maximum, locale)}`;
      return answer.mark !== null && isWaiting(answer.mark) ? t('assessments.answers.waits') : null;
    },
    tone: ({ mark }) => (mark !== null && isWaiting(mark) ? 'wait' : null),
  },
];

const answersView = ({ test, question, number, rows }: QuestionAnswers, t: Translate) => ({
  test: { id: test.id, title: test.title },
  question: {
    key: question.key,
    number,
    text: excerptOf(question.text, question.format),
    type: question.definition.type,
  },
  answers: rows.map((answer) => ({
    ...{
      attemptId: answer.attemptId,
      attempt: answer.attempt,
      words: answer.words.map((word) => saidWord(question.definition.type, word, t)),
    },
    name: fullName(answer.name),
    points: pointsOf(answer),
    maximum: answer.maximum,
  })),
});

/** `/c/:courseKey/tests/:id/results/questions/:key`: everybody's answers to one question. */
export function questionAnswersRouter(answers: QuestionAnswersService): Router {
  const router = Router();

  router.get('/:id/results/questions/:key', requireRole('assistant'), async (req, res) => {
    const wanted = answersList.parse(req.query, req.page);
    const found = await answers.list(actorOf(req), recordId(req.params.id), questionKey(req.params.key), {
      name: wanted.filters.q ?? '',
      page: wanted.page,
      size: answersList.size,
    });
    const test = `${req.baseUrl}/${found.test.id}`;
    const { rows, page, pages, total } = found;
    present(req, res, {
      view: 'assessments/question-answers',
      title: req.page.t('assessments.answers.title'),
      data: answersView(found, req.page.t),
      locals: {
        listing: listView(answersList, wanted, req.page, {
          action: `${test}/results/questions/${found.question.key}`,
          found: { page, pages, total },
          table: { columns: answerColumns(test, found.question.definition.type), rows },
        }),
      },
    });
  });

  return router;
}
