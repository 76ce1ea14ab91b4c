import { Router, type Request } from 'express';
import { fullName, type PersonName } from '../../../shared/names.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { questionKey, seenVersion } from '../assessments.schema.js';
import { contentFields, questionFrom, questionType, questionTypeOrFirst } from './question.schema.js';
import type { TestsService } from '../tests/tests.service.js';
import { TYPE_NAMES, type TypeName } from '../types/index.js';
import { bankFilter, bulkForm, changeSchema, intoTest, takeForm } from './bank.schema.js';
import type { BankService } from './bank.service.js';
import { bankPageView, bankQuestionView, duplicatesView, sharedView } from './bank.view.js';
import type { QuestionFiles } from './question-files.service.js';
import { previewOf, questionPage, type FormPlace, type ShownQuestion } from './question-form.js';
import { answerQuestion } from './questions.routes.js';
import type { QuestionVersion } from './questions.store.js';

export interface BankRoutesDeps {
  readonly bank: BankService;
  readonly tests: Pick<TestsService, 'list' | 'addFromBank'>;
  readonly files: QuestionFiles;
  readonly findPeople: (ids: readonly string[]) => Promise<{ id: string; name: PersonName }[]>;
}

/** `/c/:courseKey/tests/bank`: the questions of a course, apart from its tests; for teachers. */
export function bankRouter(deps: BankRoutesDeps): Router {
  const router = Router();
  router.use('/bank', requireRole('teacher'));
  addLists(router, deps);
  addSharing(router, deps);
  addQuestions(router, deps);
  return router;
}

function addLists(router: Router, { bank, tests }: BankRoutesDeps): void {
  router.get('/bank', async (req, res) => {
    present(req, res, await listPage(req));
  });

  router.post('/bank', async (req, res) => {
    const actor = actorOf(req);
    const act = async (): Promise<void> => {
      const { key, action } = parse(bulkForm, req.body);
      if (action === 'test') {
        const { test } = parse(intoTest, req.body);
        await tests.addFromBank(actor, test, key);
        seeOther(res, `${req.baseUrl}/${test}`, 'assessments.questionAdded');
        return;
      }
      const changed = await bank.change(actor, key, parse(changeSchema(action), req.body));
      const done =
        changed === new Set(key).size ? 'assessments.bankChanged' : 'assessments.bankChangedPartly';
      seeOther(res, `${req.baseUrl}/bank${queryOf(req)}`, done);
    };
    await answerForm(req, res, act, (again) => listPage(req, again));
  });

  router.get('/bank/duplicates', async (req, res) => {
    const actor = actorOf(req);
    const [groups, associations] = await Promise.all([bank.duplicates(actor), bank.associations(actor)]);
    present(req, res, {
      view: 'assessments/bank-duplicates',
      title: req.page.t('assessments.bankPage.duplicates'),
      data: duplicatesView(groups, associations),
    });
  });

  async function listPage(req: Request, again?: FormAgain): Promise<Page> {
    const actor = actorOf(req);
    const filter = parse(bankFilter, req.query);
    const [found, associations, all] = await Promise.all([
      bank.list(actor, filter),
      bank.associations(actor),
      tests.list(actor),
    ]);
    return {
      view: 'assessments/bank-page',
      title: req.page.t('assessments.bankPage.title'),
      data: bankPageView({ ...found, filter, associations, tests: all }),
      locals: { types: TYPE_NAMES, values: again?.values ?? {}, errors: again?.errors ?? {} },
    };
  }
}

/** The filter stays over a change. */
const queryOf = (req: Request): string => {
  const [, query = ''] = req.originalUrl.split('?');
  return query === '' ? '' : `?${query}`;
};

function addSharing(router: Router, { bank }: BankRoutesDeps): void {
  router.get('/bank/shared', async (req, res) => {
    present(req, res, await sharedPage(req));
  });

  router.post('/bank/shared', async (req, res) => {
    const act = async (): Promise<void> => {
      await bank.take(actorOf(req), parse(takeForm, req.body).ref);
      seeOther(res, `${req.baseUrl}/bank`, 'assessments.bankTaken');
    };
    await answerForm(req, res, act, (again) => sharedPage(req, again));
  });

  async function sharedPage(req: Request, again?: FormAgain): Promise<Page> {
    const actor = actorOf(req);
    const [found, associations] = await Promise.all([bank.shared(actor), bank.associations(actor)]);
    return {
      view: 'assessments/bank-shared',
      title: req.page.t('assessments.bankPage.shared'),
      data: sharedView(found, associations),
      locals: { errors: again?.errors ?? {} },
    };
  }
}

const placeOf = (req: Request, key: string): FormPlace => ({
  title: req.page.t('assessments.bankPage.title'),
  back: key === '' ? 'tests/bank' : `tests/bank/questions/${key}`,
  action: `tests/bank/questions${key === '' ? '' : `/${key}`}`,
  inTest: false,
  picker: null,
  query: '',
});

const newQuestion = (type: TypeName): ShownQuestion => ({ type, values: { mark: '1' }, question: null });
const shownQuestion = (question: QuestionVersion): ShownQuestion => ({
  type: question.definition.type,
  values: contentFields(question),
  question: { key: question.key, version: question.version },
});

function addQuestions(router: Router, { bank, files, findPeople }: BankRoutesDeps): void {
  router.get('/bank/questions/new', (req, res) => {
    const { type } = parse(questionTypeOrFirst, req.query);
    present(req, res, questionPage(req, placeOf(req, ''), newQuestion(type)));
  });

  router.post('/bank/questions', async (req, res) => {
    const actor = actorOf(req);
    const { type } = parse(questionType, req.body);
    const form = () => Promise.resolve({ place: placeOf(req, ''), shown: newQuestion(type) });
    await answerQuestion(req, res, { actor, files, type, form }, async (next) => {
      await bank.add(actor, questionFrom(req.body, type));
      const to = next ? `bank/questions/new?type=${type}` : 'bank';
      seeOther(res, `${req.baseUrl}/${to}`, 'assessments.questionAdded');
    });
  });

  router.get('/bank/questions/:key', async (req, res) => {
    const actor = actorOf(req);
    const found = await bank.find(actor, questionKey(req.params.key));
    const [drawnBy, associations, people] = await Promise.all([
      bank.drawnBy(actor, found.question),
      bank.associations(actor),
      findPeople(found.versions.map(({ createdBy }) => createdBy).filter((id) => /^[0-9a-f]{24}$/.test(id))),
    ]);
    const names = new Map(people.map(({ id, name }) => [id, fullName(name)]));
    present(req, res, {
      view: 'assessments/bank-question',
      title: req.page.t('assessments.bankPage.question'),
      data: bankQuestionView(found, drawnBy, associations, names),
      locals: { preview: previewOf(found.question) },
    });
  });

  router.get('/bank/questions/:key/edit', async (req, res) => {
    const key = questionKey(req.params.key);
    const { question } = await bank.find(actorOf(req), key);
    present(req, res, questionPage(req, placeOf(req, key), shownQuestion(question)));
  });

  router.post('/bank/questions/:key', async (req, res) => {
    const actor = actorOf(req);
    const key = questionKey(req.params.key);
    const { type } = parse(questionType, req.body);
    const form = async () => {
      const { question } = await bank.find(actor, key);
      return { place: placeOf(req, key), shown: { ...shownQuestion(question), type } };
    };
    await answerQuestion(req, res, { actor, files, type, form }, async (next) => {
      const { version } = parse(seenVersion, req.body);
      await bank.edit(actor, key, version, questionFrom(req.body, type));
      const to = next ? `bank/questions/new?type=${type}` : `bank/questions/${key}`;
      seeOther(res, `${req.baseUrl}/${to}`, 'assessments.questionSaved');
    });
  });
}
