import { Router, type Request } from 'express';
import { uploadedFiles, type Attachments, type UploadRule } from '../../infra/files/index.js';
import { newToken } from '../../shared/ids.js';
import type { Clock } from '../../shared/clock.js';
import { fullName } from '../../shared/names.js';
import { instantAt, localAt } from '../../shared/zoned.js';
import { actorOf } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import { addDays, mondayOf } from './days.js';
import { MARKS, type Named, type TimetableClass } from './timetable-class.js';
import { mayPlan, seesAllGroups } from './timetable.policy.js';
import {
  attendanceForm,
  classId,
  homeworkForm,
  LIMITS,
  moveForm,
  newClasses,
  reason,
  substitute,
  weekQuery,
} from './timetable.schema.js';
import type { TimetableService } from './timetable.service.js';
import { classRow, classView, weekView } from './timetable.view.js';

const MEGABYTE = 1024 * 1024;

export const homeworkUploads: UploadRule = {
  path: /^\/timetable\/[0-9a-f]{24}\/homework$/,
  field: 'files',
  maxFiles: LIMITS.files,
  maxBytes: LIMITS.megabytes * MEGABYTE,
};

export interface TimetableRouterDeps {
  readonly timetable: TimetableService;
  readonly files: Pick<Attachments, 'listOf'>;
  readonly consultations: Pick<ConsultationsFeature, 'upcomingFor'>;
  readonly peopleOf: (classes: readonly TimetableClass[]) => Promise<ReadonlyMap<string, Named>>;
  readonly groupsOf: (courseId: string) => Promise<readonly { readonly id: string; readonly name: string }[]>;
  readonly clock: Clock;
  /** Zone of the centre, in which forms mean their times. */
  readonly zone: () => Promise<string>;
}

const FRESH: FormAgain = { values: {}, errors: {} };
/** Consultations of a week. */
const MOST_CONSULTATIONS = 60;

/** `/c/:courseKey/timetable` */
export function timetableRouter(deps: TimetableRouterDeps): Router {
  const { timetable, clock } = deps;
  const router = Router();

  const groupNames = async (req: Request) =>
    new Map((await deps.groupsOf(actorOf(req).courseId)).map(({ id, name }) => [id, name]));

  router.get('/', async (req, res) => {
    const actor = actorOf(req);
    const { zone } = req.page;
    const { week, group } = parse(weekQuery, req.query);
    const monday = mondayOf(week ?? localAt(clock.now(), zone).slice(0, 10));
    const [from, to] = [monday, addDays(monday, 7)].map((day) => instantAt(`${day}T00:00`, zone)) as [
      Date,
      Date,
    ];
    const [classes, consultations, groups] = await Promise.all([
      timetable.between(actor, from, to, group),
      deps.consultations.upcomingFor(actor, MOST_CONSULTATIONS),
      deps.groupsOf(actor.courseId),
    ]);
    const names = new Map(groups.map(({ id, name }) => [id, name]));
    const people = await deps.peopleOf(classes);
    present(req, res, {
      view: 'timetable/week',
      title: req.page.t('timetable.title'),
      data: {
        monday,
        from,
        until: new Date(to.getTime() - 1),
        days: weekView(
          monday,
          classes.map((found) => classRow(found, people, names)),
          consultations.filter(({ startsAt }) => startsAt >= from && startsAt < to),
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
          ...{ from: addDays(localAt(clock.now(), zone).slice(0, 10), 1), to: '', every: '1' },
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
        seeOther(
          res,
          `${req.baseUrl}/?week=${mondayOf(input.from)}`,
          taken.length > 0 ? 'timetable.plannedPartly' : 'timetable.planned',
        );
      },
      (again) => formPage(req, again),
    );
  });

  async function classPage(req: Request, id: string, again = FRESH, form = ''): Promise<Page> {
    const actor = actorOf(req);
    const found = await timetable.find(actor, id);
    const zone = await deps.zone();
    const [people, groups, files, students, teachers] = await Promise.all([
      deps.peopleOf([found]),
      groupNames(req),
      deps.files.listOf(id),
      timetable.studentsOf(found),
      timetable.teachersOf(actor.courseId),
    ]);
    const view = classView({ found, people, groups, files, students }, actor);
    return {
      view: 'timetable/class',
      title: found.title,
      data: {
        found: view,
        marks: MARKS,
        teachers: view.manage
          ? teachers.map(({ id: value, name }) => ({ id: value, name: fullName(name) }))
          : [],
        values: {
          ...{ topic: found.topic, homework: found.homework, place: found.place },
          ...{ date: localAt(found.startsAt, zone).slice(0, 10) },
          ...{ start: localAt(found.startsAt, zone).slice(11), end: localAt(found.endsAt, zone).slice(11) },
          ...again.values,
        },
        zone,
        errors: again.errors,
        form,
        limits: LIMITS,
      },
    };
  }

  router.get('/:classId', async (req, res) => {
    present(req, res, await classPage(req, parse(classId, req.params).classId));
  });

  const action = (path: string, done: string, act: (req: Request, id: string) => Promise<void>): void => {
    router.post(`/:classId/${path}`, async (req, res) => {
      const { classId: id } = parse(classId, req.params);
      await answerForm(
        req,
        res,
        async () => {
          await act(req, id);
          seeOther(res, `${req.baseUrl}/${id}`, done);
        },
        (again) => classPage(req, id, again, path),
      );
    });
  };

  action('homework', 'timetable.homeworkSaved', (req, id) =>
    timetable.setHomework(actorOf(req), id, parse(homeworkForm, req.body ?? {}), uploadedFiles(req)),
  );
  action('cancel', 'timetable.cancelled', (req, id) =>
    timetable.cancel(actorOf(req), id, parse(reason, req.body ?? {}).reason),
  );
  action('move', 'timetable.moved', async (req, id) =>
    timetable.move(actorOf(req), id, parse(moveForm, req.body ?? {}), await deps.zone()),
  );
  action('restore', 'timetable.restored', (req, id) => timetable.restore(actorOf(req), id));
  action('substitute', 'timetable.substituted', (req, id) => {
    const { teacher, teacherName, reason: why } = parse(substitute, req.body ?? {});
    return timetable.substitute(
      actorOf(req),
      id,
      { id: teacher, name: teacher === '' ? teacherName : '' },
      why,
    );
  });
  action('substitute/end', 'timetable.substitutionEnded', (req, id) =>
    timetable.endSubstitution(actorOf(req), id),
  );
  action('attendance', 'timetable.attendanceSaved', (req, id) =>
    timetable.markAttendance(actorOf(req), id, parse(attendanceForm, req.body ?? {})),
  );

  return router;
}
