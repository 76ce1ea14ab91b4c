import { Router, type Request } from 'express';
import { z } from 'zod';
import { newKey } from '../../../shared/ids.js';
import { fullName } from '../../../shared/names.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { id, list, parse, text } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { recordId } from '../assessments.schema.js';
import { chosenStudents, resultsList } from '../results/results.list.js';
import type { ResultsService } from '../results/results.service.js';
import type { TestMessages } from './messages.service.js';

const LONGEST = 2_000;
const messageForm = z.object({
  text: text(LONGEST),
  person: list(id),
  key: z.string().regex(/^[\w-]{8,64}$/),
});

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** `/c/:courseKey/tests/:id/messages`: to the students whom the list of results shows. */
export function testMessagesRouter(messages: TestMessages, results: ResultsService): Router {
  const router = Router();
  const teacher = requireRole('teacher');

  async function writePage(req: Request, again?: FormAgain): Promise<Page> {
    const testId = recordId(req.params.id);
    const wanted = resultsList.parse(req.query, req.page);
    const { test, students } = await results.ofTest(actorOf(req), testId, { seen: false });
    const { chosen } = chosenStudents(students, wanted);
    const ticked = again ? new Set(listed(again.values.person)) : null;
    return {
      view: 'assessments/message',
      title: req.page.t('assessments.message.title'),
      data: {
        test: { id: test.id, title: test.title },
        people: chosen.map(({ personId, name }) => ({
          personId,
          name: fullName(name) || req.page.t('common.nameless'),
          chosen: ticked === null || ticked.has(personId),
        })),
        errors: again?.errors ?? {},
      },
      locals: {
        values: { text: again?.values.text ?? '', key: again?.values.key ?? newKey() },
        query: new URLSearchParams(wanted.state).toString(),
      },
    };
  }

  router.get('/:id/messages/new', teacher, async (req, res) => {
    present(req, res, await writePage(req));
  });

  router.post('/:id/messages', teacher, async (req, res) => {
    const testId = recordId(req.params.id);
    const act = async (): Promise<void> => {
      const { text: written, person, key } = parse(messageForm, req.body ?? {});
      await messages.write(actorOf(req), testId, { text: written, personIds: person, key });
      seeOther(res, `${req.baseUrl}/${testId}/results`, 'assessments.messageSent');
    };
    await answerForm(req, res, act, (again) => writePage(req, again));
  });

  return router;
}
