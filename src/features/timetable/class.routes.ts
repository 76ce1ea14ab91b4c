import { Router, type Request } from 'express';
import { uploadedFiles, type Attachments, type UploadRule } from '../../infra/files/index.js';
import { fullName } from '../../shared/names.js';
import { dateIn } from '../../shared/days.js';
import { localAt } from '../../shared/zoned.js';
import { actorOf } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import { MARKS, type Named, type TimetableClass } from './timetable-class.js';
import {
  attendanceForm,
  classId,
  homeworkForm,
  LIMITS,
  moveForm,
  reason,
  substitute,
} from './timetable.schema.js';
import type { TimetableService } from './timetable.service.js';
import { classView, type NamedGroup } from './timetable.view.js';

const MEGABYTE = 1024 * 1024;

export const homeworkUploads: UploadRule = {
  path: /^\/timetable\/[0-9a-f]{24}\/homework$/,
  field: 'files',
  maxFiles: LIMITS.files,
  maxBytes: LIMITS.megabytes * MEGABYTE,
};

export interface ClassRouterDeps {
  readonly timetable: TimetableService;
  readonly files: Pick<Attachments, 'listOf'>;
  readonly peopleOf: (classes: readonly TimetableClass[]) => Promise<ReadonlyMap<string, Named>>;
  readonly groupsOf: (courseId: string) => Promise<readonly NamedGroup[]>;
  /** Zone of the centre, in which forms mean their times. */
  readonly zone: () => Promise<string>;
}

const FRESH: FormAgain = { values: {}, errors: {} };

/** `/c/:courseKey/timetable/:classId` */
export function classRouter(deps: ClassRouterDeps): Router {
  const { timetable } = deps;
  const router = Router();

  const groupNames = async (req: Request) =>
    new Map((await deps.groupsOf(actorOf(req).courseId)).map(({ id, name }) => [id, name]));

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
          ...{ date: dateIn(zone, found.startsAt) },
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
