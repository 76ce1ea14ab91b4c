import { Router, type Request, type Response } from 'express';
import type { Actor } from '../../../shared/actor.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import {
  drawForm,
  drawId,
  fromBank,
  move,
  questionKey,
  recordId,
  seenVersion,
  sectionForm,
} from '../assessments.schema.js';
import { questionFrom, questionType, questionTypeOrFirst } from './question.schema.js';
import { pickerOf } from '../tests/picker.js';
import type { PlacedQuestion, TestsService } from '../tests/tests.service.js';
import type { Test } from '../tests/tests.store.js';
import { bankView, questionFields } from '../tests/tests.view.js';
import type { TypeName } from '../types/index.js';
import type { QuestionFiles } from './question-files.service.js';
import {
  buttonOf,
  questionPage,
  takeFile,
  withoutSaving,
  type FormPlace,
  type ShownQuestion,
} from './question-form.js';

/** `/c/:courseKey/tests/:id/questions` and `/bank`: the questions of a test, for teachers. */
export function questionsRouter(tests: TestsService, files: QuestionFiles): Router {
  const router = Router();
  const teacher = requireRole('teacher');

  router.get('/:id/questions/new', teacher, async (req, res) => {
    const test = await tests.find(actorOf(req), recordId(req.params.id));
    const { type } = parse(questionTypeOrFirst, req.query);
    present(req, res, questionPage(req, placeOf(req, test, ''), newQuestion(type)));
  });

  router.post('/:id/questions', teacher, async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    const { type } = parse(questionType, req.body);
    const form = async () => ({
      place: placeOf(req, await tests.find(actor, id), ''),
      shown: newQuestion(type),
    });
    await answerQuestion(req, res, { actor, files, type, form }, async (next) => {
      const { section } = parse(sectionForm, req.body);
      await tests.addQuestion(actor, id, questionFrom(req.body, type), section);
      seeOther(res, next ? newAddress(req, id, type) : backTo(req, id), 'assessments.questionAdded');
    });
  });

  router.get('/:id/questions/:key', teacher, async (req, res) => {
    const found = await tests.question(actorOf(req), recordId(req.params.id), questionKey(req.params.key));
    const place = placeOf(req, found.test, found.question.key);
    present(req, res, questionPage(req, place, shownQuestion(found)));
  });

  router.post('/:id/questions/:key', teacher, async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    const key = questionKey(req.params.key);
    const { type } = parse(questionType, req.body);
    const form = async () => {
      const found = await tests.question(actor, id, key);
      return { place: placeOf(req, found.test, key), shown: { ...shownQuestion(found), type } };
    };
    await answerQuestion(req, res, { actor, files, type, form }, async (next) => {
      const { version } = parse(seenVersion, req.body);
      const { section } = parse(sectionForm, req.body);
      await tests.editQuestion(actor, id, key, version, questionFrom(req.body, type), section);
      seeOther(res, next ? newAddress(req, id, type) : backTo(req, id), 'assessments.questionSaved');
    });
  });

  addPlaces(router, tests);
  addDraws(router, tests);
  return router;
}

const backTo = (req: Request, id: string): string => `${req.baseUrl}/${id}${pickerOf(req).query}`;

function newAddress(req: Request, id: string, type: TypeName): string {
  const { request } = pickerOf(req);
  return `${req.baseUrl}/${id}/questions/new?type=${type}${request === null ? '' : `&for=${request}`}`;
}

const newQuestion = (type: TypeName): ShownQuestion => ({ type, values: { mark: '1' }, question: null });

const shownQuestion = (found: PlacedQuestion): ShownQuestion => ({
  type: found.question.definition.type,
  values: questionFields(found),
  question: { key: found.question.key, version: found.question.version },
});

function placeOf(req: Request, test: Test, key: string): FormPlace {
  const picker = pickerOf(req);
  return {
    title: test.title,
    back: `tests/${test.id}${picker.query}`,
    action: `tests/${test.id}/questions${key === '' ? '' : `/${key}`}`,
    inTest: true,
    picker: picker.request,
    query: picker.query,
  };
}

export interface QuestionForm {
  readonly actor: Actor;
  readonly files: QuestionFiles;
  readonly type: TypeName;
  /** Where the form stands, and the question as it is stored. */
  readonly form: () => Promise<{ readonly place: FormPlace; readonly shown: ShownQuestion }>;
}

/**
 * Answers a sent form of a question: stores its file, then does what its button asks for.
 * @param save saves the question and redirects; `next` asks for a new one after it
 */
export async function answerQuestion(
  req: Request,
  res: Response,
  { actor, files, type, form }: QuestionForm,
  save: (next: boolean) => Promise<void>,
): Promise<void> {
  const button = buttonOf(req);
  const page = async (again: FormAgain): Promise<Page> => {
    const { place, shown } = await form();
    return questionPage(req, place, shown, again);
  };
  const act = async (): Promise<void> => {
    await takeFile(req, actor, files, type);
    const unsaved = withoutSaving(req, button, type);
    if (unsaved === null) {
      await save(button === 'next');
      return;
    }
    const { place, shown } = await form();
    present(req, res, questionPage(req, place, shown, unsaved.again, unsaved.preview));
  };
  await answerForm(req, res, act, page);
}

function addPlaces(router: Router, tests: TestsService): void {
  const teacher = requireRole('teacher');

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
}

function addDraws(router: Router, tests: TestsService): void {
  const teacher = requireRole('teacher');

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
