import { Router, type Request } from 'express';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, sentFields, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import {
  drawForm,
  drawId,
  fromBank,
  move,
  questionFrom,
  questionKey,
  questionType,
  questionTypeOrFirst,
  recordId,
  seenVersion,
  sectionForm,
  wantsRows,
} from '../assessments.schema.js';
import { pickerOf } from '../tests/picker.js';
import type { PlacedQuestion, TestsService } from '../tests/tests.service.js';
import type { Test } from '../tests/tests.store.js';
import { bankView, questionFields } from '../tests/tests.view.js';
import type { Fields, TypeName } from '../types/index.js';

/** `/c/:courseKey/tests/:id/questions` and `/bank`: the questions of a test, for teachers. */
export function questionsRouter(tests: TestsService): Router {
  const router = Router();
  const teacher = requireRole('teacher');
  const backTo = (req: Request, id: string): string => `${req.baseUrl}/${id}${pickerOf(req).query}`;

  router.get('/:id/questions/new', teacher, async (req, res) => {
    const test = await tests.find(actorOf(req), recordId(req.params.id));
    const { type } = parse(questionTypeOrFirst, req.query);
    present(req, res, questionPage(req, { test, type, question: null }));
  });

  router.post('/:id/questions', teacher, async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    const { type } = parse(questionType, req.body);
    const form = async (again: FormAgain) =>
      questionPage(req, { test: await tests.find(actor, id), type, question: null }, again);
    if (parse(wantsRows, req.body).more !== undefined) {
      present(req, res, await form(moreRows(req)));
      return;
    }
    const act = async (): Promise<void> => {
      const { section } = parse(sectionForm, req.body);
      await tests.addQuestion(actor, id, questionFrom(req.body, type), section);
      seeOther(res, backTo(req, id), 'assessments.questionAdded');
    };
    await answerForm(req, res, act, form);
  });

  router.get('/:id/questions/:key', teacher, async (req, res) => {
    const found = await tests.question(actorOf(req), recordId(req.params.id), questionKey(req.params.key));
    const { test, question } = found;
    present(req, res, questionPage(req, { test, type: question.definition.type, question: found }));
  });

  router.post('/:id/questions/:key', teacher, async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    const key = questionKey(req.params.key);
    const { type } = parse(questionType, req.body);
    const form = async (again: FormAgain) => {
      const found = await tests.question(actor, id, key);
      return questionPage(req, { test: found.test, type, question: found }, again);
    };
    if (parse(wantsRows, req.body).more !== undefined) {
      present(req, res, await form(moreRows(req)));
      return;
    }
    const act = async (): Promise<void> => {
      const { version } = parse(seenVersion, req.body);
      const { section } = parse(sectionForm, req.body);
      await tests.editQuestion(actor, id, key, version, questionFrom(req.body, type), section);
      seeOther(res, backTo(req, id), 'assessments.questionSaved');
    };
    await answerForm(req, res, act, form);
  });

  router.post('/:id/questions/:key/move', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    const { to } = parse(move, req.body);
    await tests.moveQuestion(actorOf(req), id, questionKey(req.params.key), to);
    seeOther(res, backTo(req, id));
  });

  router.post('/:id/questions/:key/remove', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    await tests.removeQuestion(actorOf(req), id, questionKey(req.params.key));
    seeOther(res, backTo(req, id), 'assessments.questionRemoved');
  });

  router.post('/:id/draws', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    const act = async (): Promise<void> => {
      const { section, ...draw } = parse(drawForm, req.body);
      await tests.addDraw(actorOf(req), id, { ...draw, ...(section !== '' && { section }) });
      seeOther(res, backTo(req, id), 'assessments.drawAdded');
    };
    await answerForm(req, res, act, (again) => bankPage(req, tests, again));
  });

  router.post('/:id/draws/:draw/remove', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    await tests.removeDraw(actorOf(req), id, drawId(req.params.draw));
    seeOther(res, backTo(req, id), 'assessments.drawRemoved');
  });

  router.get('/:id/bank', teacher, async (req, res) => {
    present(req, res, await bankPage(req, tests));
  });

  router.post('/:id/bank', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    const act = async (): Promise<void> => {
      await tests.addFromBank(actorOf(req), id, parse(fromBank, req.body).key);
      seeOther(res, backTo(req, id), 'assessments.questionAdded');
    };
    await answerForm(req, res, act, (again) => bankPage(req, tests, again));
  });

  return router;
}

interface QuestionForm {
  readonly test: Test;
  readonly type: TypeName;
  /** Null for a new one. */
  readonly question: PlacedQuestion | null;
}

function questionPage(req: Request, { test, type, question }: QuestionForm, again?: FormAgain): Page {
  const values: Fields = again?.values ?? (question ? questionFields(question) : { mark: '1' });
  const { t } = req.page;
  const picker = pickerOf(req);
  return {
    view: 'assessments/question',
    title: t(question ? 'assessments.question.edit' : 'assessments.question.new'),
    data: {
      test: { id: test.id, title: test.title },
      question: question && { key: question.question.key, version: question.question.version },
      kind: type,
      values,
      errors: again?.errors ?? {},
      picker: picker.request,
      query: picker.query,
    },
  };
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** How many rows the button adds. */
const ROWS = 4;
/** Fields of forms that have a row for each part of the question. */
const ROW_FIELDS = ['option', 'worth', 'remark', 'prompt', 'answer', 'item'];

/** The form as it was sent, with more empty rows. */
function moreRows(req: Request): FormAgain {
  const values = sentFields(req.body);
  const added = Array.from({ length: ROWS }, () => '');
  const rows: Record<string, string[]> = {};
  for (const name of ROW_FIELDS) {
    if (values[name] !== undefined) rows[name] = [...list(values[name]), ...added];
  }
  return { values: { ...values, ...rows }, errors: {} };
}

async function bankPage(req: Request, tests: TestsService, again?: FormAgain): Promise<Page> {
  const { test, questions } = await tests.bank(actorOf(req), recordId(req.params.id));
  const picker = pickerOf(req);
  return {
    view: 'assessments/bank',
    title: req.page.t('assessments.bank.title'),
    data: {
      ...bankView(test, questions),
      errors: again?.errors ?? {},
      values: again?.values ?? { count: '1', mark: '1' },
      picker: picker.request,
      query: picker.query,
    },
  };
}
