import { Router } from 'express';
import type { Clock } from '../../shared/clock.js';
import { instantAt } from '../../shared/zoned.js';
import { actorOf } from '../../web/actor.js';
import { parse } from '../../web/parse.js';
import { present } from '../../web/present.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import { addDays, dateIn, mondayOf, weekdayOf } from '../../shared/days.js';
import type { Named, TimetableClass } from './timetable-class.js';
import { mayPlan, seesAllGroups } from './timetable.policy.js';
import { weekQuery } from './timetable.schema.js';
import type { TimetableService } from './timetable.service.js';
import { classRow, weekView, type NamedGroup } from './timetable.view.js';

export interface WeekRouterDeps {
  readonly timetable: Pick<TimetableService, 'between'>;
  readonly consultations: Pick<ConsultationsFeature, 'upcomingFor'>;
  readonly peopleOf: (classes: readonly TimetableClass[]) => Promise<ReadonlyMap<string, Named>>;
  readonly groupsOf: (courseId: string) => Promise<readonly NamedGroup[]>;
  readonly clock: Clock;
}

/** Consultations of a week. */
const MOST_CONSULTATIONS = 60;

const SATURDAY = 6;

interface Shown {
  readonly classes: readonly Pick<TimetableClass, 'endsAt'>[];
  /** Those that have not begun. */
  readonly consultations: readonly unknown[];
}

const isLeft = ({ classes, consultations }: Shown, now: Date): boolean =>
  consultations.length > 0 || classes.some(({ endsAt }) => endsAt > now);

/** `/c/:courseKey/timetable`: a week of classes beside consultations. */
export function weekRouter(deps: WeekRouterDeps): Router {
  const { timetable, clock } = deps;
  const router = Router();

  router.get('/', async (req, res) => {
    const actor = actorOf(req);
    const { zone } = req.page;
    const { week, group, left } = parse(weekQuery, req.query);
    const now = clock.now();
    const today = dateIn(zone, now);
    const [consultations, groups] = await Promise.all([
      deps.consultations.upcomingFor(actor, MOST_CONSULTATIONS),
      deps.groupsOf(actor.courseId),
    ]);
    const weekFrom = async (monday: string) => {
      const [from, to] = [monday, addDays(monday, 7)].map((day) => instantAt(`${day}T00:00`, zone)) as [
        Date,
        Date,
      ];
      return {
        ...{ monday, from, to },
        classes: await timetable.between(actor, from, to, group),
        consultations: consultations.filter(({ startsAt }) => startsAt >= from && startsAt < to),
      };
    };
    let shown = await weekFrom(mondayOf(week ?? today));
    // At a weekend people look for what comes: a week of which nothing is left gives way to the next.
    if (week === undefined && weekdayOf(today) >= SATURDAY && !isLeft(shown, now)) {
      shown = await weekFrom(addDays(shown.monday, 7));
    }
    const { monday, from, to, classes } = shown;
    const names = new Map(groups.map(({ id, name }) => [id, name]));
    const people = await deps.peopleOf(classes);
    present(req, res, {
      view: 'timetable/week',
      title: req.page.t('timetable.title'),
      data: {
        monday,
        from,
        until: new Date(to.getTime() - 1),
        left: left.flatMap((day) => instantAt(`${day}T12:00`, zone) ?? []),
        days: weekView(
          monday,
          classes.map((found) => classRow(found, people, names)),
          shown.consultations,
          zone,
        ),
        previous: addDays(monday, -7),
        next: addDays(monday, 7),
        group: group ?? '',
        groups: seesAllGroups(actor) ? groups.map(({ id, name }) => ({ id, name })) : [],
        plans: mayPlan(actor),
      },
    });
  });

  return router;
}
