import { Router, type Request } from 'express';
import { z } from 'zod';
import type { Clock } from '../../../shared/clock.js';
import { fullName } from '../../../shared/names.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { centreName } from '../../../web/context.js';
import { formatNumber } from '../../../web/format.js';
import { present } from '../../../web/present.js';
import { calendarDate, optionalLine, parse } from '../../../web/parse.js';
import { groupLabel } from '../../membership/index.js';
import { recordId } from '../assessments.schema.js';
import { chosenStudents, resultsList } from './results.list.js';
import type { CourseStudentResult, ResultsService } from './results.service.js';
import { countsOf, sheetGrade } from './sheet.js';

/** A teacher may sign for another day than today. */
const sheetQuery = z.object({
  date: z.union([z.literal(''), calendarDate]).default(''),
  teacher: optionalLine(200),
});

/** `/c/:courseKey/tests/:id/sheet`: the grades of a test as a document to print and sign. */
export function sheetRouter(results: ResultsService, clock: Clock): Router {
  const router = Router();

  router.get('/:id/sheet', requireRole('assistant'), async (req, res) => {
    const actor = actorOf(req);
    const { date, teacher } = parse(sheetQuery, req.query);
    const wanted = resultsList.parse(req.query, req.page);
    const found = await results.ofTest(actor, recordId(req.params.id), { seen: false });
    const { test } = found;
    const { chosen } = chosenStudents(found.students, wanted);
    const group = found.groups.find(({ id }) => id === wanted.filters.group);
    const grades = chosen.map(({ grade }) => sheetGrade(test, grade));
    present(req, res, {
      view: 'assessments/sheet',
      title: req.page.t('assessments.sheet.title'),
      data: {
        test: { id: test.id, title: test.title },
        organisation: centreName(req.page),
        course: actor.courseTitle,
        group: group ? groupLabel(group, req.page.t) : '',
        teacher: teacher === '' ? fullName(actor.name) : teacher,
        date: date === '' ? null : date,
        now: clock.now(),
        rows: chosen.map((student, place) => rowOf(req, student, place, grades[place] ?? null)),
        counts: countsOf(grades),
      },
      locals: {
        hidden: Object.entries(wanted.state),
        signatures: [
          ['teacherSigns', teacher === '' ? fullName(actor.name) : teacher],
          ['headSigns', ''],
        ],
      },
    });
  });

  return router;
}

function rowOf(
  req: Request,
  { name, grade }: CourseStudentResult,
  place: number,
  worded: ReturnType<typeof sheetGrade>,
) {
  const { t, locale } = req.page;
  const number = (value: number): string => formatNumber(value, locale);
  return {
    number: place + 1,
    name: fullName(name) || t('common.nameless'),
    points: grade ? `${number(grade.scoreGiven)} / ${number(grade.scoreMaximum)}` : '',
    grade:
      worded === null
        ? t('assessments.sheet.grade.absent')
        : worded.key === 'percent'
          ? `${number(worded.percent)} %`
          : t(`assessments.sheet.grade.${worded.key}`),
  };
}
