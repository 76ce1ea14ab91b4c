import { Router, type Request } from 'express';
import type { Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { fullName } from '../../shared/names.js';

import { actorOf } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import { addDays, dateIn, mondayOf } from '../../shared/days.js';
import { newClasses } from './timetable.schema.js';
import type { TimetableService } from './timetable.service.js';
import type { NamedGroup } from './timetable.view.js';

export interface NewClassesRouterDeps {
  readonly timetable: Pick<TimetableService, 'plan' | 'teachersOf'>;
  readonly groupsOf: (courseId: string) => Promise<readonly NamedGroup[]>;
  readonly clock: Clock;
  /** Zone of the centre, in which forms mean their times. */
  readonly zone: () => Promise<string>;
}

/** The page of the week names no more days. */
const MOST_LEFT = 80;

const FRESH: FormAgain = { values: {}, errors: {} };

/** `/c/:courseKey/timetable/new` */
export function newClassesRouter(deps: NewClassesRouterDeps): Router {
  const { timetable, clock } = deps;
  const router = Router();

  async function formPage(req: Request, again = FRESH): Promise<Page> {
    const actor = actorOf(req);
    const [teachers, groups, zone] = await Promise.all([
      timetable.teachersOf(actor.courseId),
      deps.groupsOf(actor.courseId),
      deps.zone(),
    ]);
    return {
      view: 'timetable/new',
      title: req.page.t('timetable.new'),
      data: {
        teachers: teachers.map(({ id, name }) => ({ id, name: fullName(name) })),
        groups: groups.map(({ id, name }) => ({ id, name })),
        zone,
        values: {
          ...{ title: '', teacher: actor.personId, teacherName: '', group: '', place: '', link: '' },
          ...{ from: addDays(dateIn(zone, clock.now()), 1), to: '', every: '1' },
          ...{ start: '', end: '', weekdays: [] as string[] },
          ...again.values,
          key: newToken(),
        },
        errors: again.errors,
      },
    };
  }

  router.get('/new', async (req, res) => {
    present(req, res, await formPage(req));
  });

  router.post('/new', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const input = parse(newClasses, req.body ?? {});
        const { taken } = await timetable.plan(actorOf(req), input, await deps.zone());
        const left = taken.length > 0 ? `&left=${taken.slice(0, MOST_LEFT).join(',')}` : '';
        seeOther(
          res,
          `${req.baseUrl}/?week=${mondayOf(input.from)}${left}`,
          taken.length > 0 ? 'timetable.plannedPartly' : 'timetable.planned',
        );
      },
      (again) => formPage(req, again),
    );
  });

  return router;
}
