import { Router } from 'express';
import { DomainError } from '../../../src/shared/errors.js';
import type { Lms } from '../lms.js';
import type { Column, Course, Grade, Person } from '../model.js';
import { removeByHand } from '../platform/gradebook.js';
import { PATHS } from '../platform/urls.js';
import { html, type Html } from './html.js';
import { frame, sendPage } from './layout.js';
import { numberText, queryParameter, requireCourse, timeText, visitOf, type Visit } from './visit.js';

const reviewUrl = (column: Column, personId: string): string | null =>
  column.activityId === null
    ? null
    : `/courses/${column.courseId}/grades/review?link=${column.activityId}&user=${personId}`;

/** The score and when it came; nothing while there is none. */
const graded = (grade: Grade | undefined): { score: number; at: number } | null =>
  grade === undefined || grade.score === null ? null : { score: grade.score, at: grade.storedAt };

function cell({ t, language }: Visit, column: Column, person: Person, grade: Grade | undefined): Html {
  const given = graded(grade);
  const review = reviewUrl(column, person.id);
  const value = given === null ? '–' : numberText(language, given.score);
  const label = `${t.review}: ${person.familyName} ${person.givenName}, ${value}`;
  return html`<td>
    <strong
      >${review === null ? value : html`<a href="${review}" title="${t.review}" aria-label="${label}">${value}</a>`}</strong
    >
    ${grade !== undefined && grade.comment !== '' && html`<small>${grade.comment}</small>`}
    ${given !== null && html`<small class="muted">${timeText(language, given.at)}</small>`}
  </td>`;
}

/** Everybody × every column. */
function table(lms: Lms, visit: Visit, course: Course, columns: readonly Column[]): Html {
  const { t, language } = visit;
  const editor = visit.person !== null && lms.state.mayEdit(course.id, visit.person.id);
  const students = lms.state.members(course.id).filter(({ role }) => role === 'student');
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col">${t.student1}</th>
          ${columns.map(
            (column) =>
              html`<th scope="col">
                ${column.label}<small>${t.maximum}: ${numberText(language, column.scoreMaximum)}</small>
                ${
                  editor &&
                  html`<form method="post" action="/courses/${course.id}/columns/${column.id}/remove">
                    <button type="submit" class="small">${t.removeColumn}</button>
                  </form>`
                }
              </th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${students.map(
          ({ person }) =>
            html`<tr>
              <th scope="row">${person.familyName} ${person.givenName}</th>
              ${columns.map((column) => cell(visit, column, person, lms.state.grade(column.id, person.id)))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** One's own grades. */
function ownGrades(lms: Lms, visit: Visit, person: Person, columns: readonly Column[]): Html {
  const { t, language } = visit;
  return html`<ul class="grades">
    ${columns.map((column) => {
      const grade = lms.state.grade(column.id, person.id);
      const given = graded(grade);
      const maximum = numberText(language, column.scoreMaximum);
      return html`<li>
        <strong>${column.label}</strong>
        ${given === null ? t.notGraded : html`${numberText(language, given.score)} / ${maximum}`}
        ${grade !== undefined && grade.comment !== '' && html`<small>${t.comment}: ${grade.comment}</small>`}
        ${given !== null && html`<small class="muted">${timeText(language, given.at)}</small>`}
      </li>`;
    })}
  </ul>`;
}

export function gradesRouter(lms: Lms): Router {
  const router = Router();
  const { state } = lms;

  router.get('/courses/:courseId/grades', (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const { person, course } = requireCourse(lms, visit);
    const columns = state.columnsOf(course.id);
    const content = html`<p class="crumbs"><a href="/courses/${course.id}">${course.title}</a></p>
      ${
        columns.length === 0
          ? html`<p class="muted">${t.noColumns}</p>`
          : state.mayGrade(course.id, person.id)
            ? table(lms, visit, course, columns)
            : ownGrades(lms, visit, person, columns)
      }`;
    sendPage(lms, visit, t.gradebook, content, { wide: true });
  });

  router.post('/courses/:courseId/columns/:columnId/remove', (req, res) => {
    const { person, course } = requireCourse(lms, visitOf(lms, req, res));
    if (!state.mayEdit(course.id, person.id)) throw new DomainError('not-an-editor', 403);
    const column = state.column(req.params.columnId);
    if (column?.courseId !== course.id) throw new DomainError('not-found', 404);
    removeByHand(lms, column);
    res.redirect(303, `/courses/${course.id}/grades`);
  });

  router.get('/courses/:courseId/grades/review', (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const { course } = requireCourse(lms, visit);
    const activity = state.activity(queryParameter(req, 'link'));
    if (activity?.courseId !== course.id) throw new DomainError('activity-not-found', 404);
    const student = state.person(queryParameter(req, 'user'));
    if (student === undefined) throw new DomainError('person-not-found', 404);
    const src = `${PATHS.launch}?id=${activity.cmid}&action=gradeReport&user=${student.id}`;
    const content = html`<p class="crumbs">
        <a href="/courses/${course.id}/grades">${t.gradebook}</a>
        <span>${student.familyName} ${student.givenName}</span>
      </p>
      ${frame(lms, src, activity.title)}`;
    sendPage(lms, visit, activity.title, content, { wide: true });
  });

  return router;
}
