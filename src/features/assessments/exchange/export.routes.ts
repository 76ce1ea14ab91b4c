import { Router } from 'express';
import { z } from 'zod';
import { actorOf, requireRole } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { attachment, fileName } from '../../../infra/export/index.js';
import type { Clock } from '../../../shared/clock.js';
import { recordId } from '../assessments.schema.js';
import type { TestsService } from '../tests/tests.service.js';
import { foreignOf } from './foreign-of.js';
import { writeGift } from './writers/gift.js';
import { writeMoodleXml } from './writers/moodle-xml.js';
import { writeQtiPackage } from './writers/qti3.js';

const wanted = z.object({ format: z.enum(['gift', 'moodle-xml', 'qti']) });

/** `/c/:courseKey/tests/:id/questions/export`: a test's questions as a file, for teachers. */
export function exportRouter(tests: Pick<TestsService, 'find' | 'placed'>, clock: Clock): Router {
  const router = Router();
  router.get('/:id/export', requireRole('teacher'), async (req, res) => {
    const { format } = parse(wanted, req.query);
    const test = await tests.find(actorOf(req), recordId(req.params.id));
    const questions = (await tests.placed(test)).map(({ question, item }) =>
      foreignOf({ ...question, mark: item.mark }),
    );
    const [ending, type, content] =
      format === 'gift'
        ? ['gift.txt', 'text/plain; charset=utf-8', writeGift(questions)]
        : format === 'moodle-xml'
          ? ['xml', 'application/xml; charset=utf-8', writeMoodleXml(questions)]
          : ['zip', 'application/zip', await writeQtiPackage(questions)];
    res.setHeader(
      'Content-Disposition',
      attachment(fileName(test.title, clock.now(), req.page.zone, ending)),
    );
    res.setHeader('Cache-Control', 'no-store');
    res.type(type).send(content);
  });
  return router;
}
