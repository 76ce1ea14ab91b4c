import express, { Router } from 'express';
import { DomainError } from '../../../src/shared/errors.js';
import { activeTools, type Lms } from '../lms.js';
import type { Activity, Course, Tool } from '../model.js';
import { copyCourse } from '../platform/activities.js';
import { formOf } from '../platform/index.js';
import { PATHS } from '../platform/urls.js';
import { html, type Html } from './html.js';
import { frame, sendPage } from './layout.js';
import {
  numberText,
  pathParameter,
  queryParameter,
  requireCourse,
  requirePerson,
  visitOf,
  type Visit,
} from './visit.js';

const selectingTools = (lms: Lms): Tool[] => activeTools(lms).filter((tool) => tool.deepLinkingUrl !== '');

function activityItem(lms: Lms, { t, language }: Visit, activity: Activity): Html {
  const own = lms.state.columnsOfActivity(activity.id).find((column) => column.own);
  return html`<li>
    <a href="/courses/${activity.courseId}/activities/${activity.id}">
      ${
        activity.iconUrl === ''
          ? html`<span class="icon" aria-hidden="true">◆</span>`
          : html`<img class="icon" src="${activity.iconUrl}" alt="" width="24" height="24" />`
      }
      <span>
        ${activity.title} ${activity.text !== '' && html`<small>${activity.text}</small>`}
        ${own !== undefined && html`<small>${t.maximum}: ${numberText(language, own.scoreMaximum)}</small>`}
      </span>
    </a>
  </li>`;
}

function editorActions(lms: Lms, { t }: Visit, course: Course): Html {
  const tools = selectingTools(lms);
  return html`<div class="actions">
    ${tools.map(
      (tool) =>
        html`<a class="button" href="/courses/${course.id}/add?tool=${tool.id}"
          >${t.add}${tools.length > 1 && html`: ${tool.name}`}</a
        >`,
    )}
    <form method="post" action="/courses/${course.id}/copy">
      <button class="quiet">${t.copy}</button>
      <label><input type="checkbox" name="students" value="1" /> ${t.copyWithStudents}</label>
    </form>
  </div>`;
}

export function courseRouter(lms: Lms): Router {
  const router = Router();
  const { state } = lms;

  router.get('/courses', (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const courses = state.coursesOf(requirePerson(visit).id);
    const content =
      courses.length === 0
        ? html`<p>${t.noCourses}</p>`
        : html`<ul class="cards">
            ${courses.map(
              (course) =>
                html`<li>
                  <a href="/courses/${course.id}"><small>${course.label}</small>${course.title}</a>
                </li>`,
            )}
          </ul>`;
    sendPage(lms, visit, t.yourCourses, content);
  });

  router.get('/courses/:courseId', (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const { person, course } = requireCourse(lms, visit);
    const usable = state
      .activitiesOf(course.id)
      .filter(({ toolId }) => state.tool(toolId)?.state === 'active');
    const homes = usable.filter((activity) => activity.home);
    const activities = usable.filter((activity) => !activity.home);
    const content = html`<p class="crumbs">
        <span>${course.label}</span> <a href="/courses/${course.id}/grades">${t.gradebook}</a>
      </p>
      ${course.history.length > 0 && html`<p class="note">${t.copyOf} ${course.history.join(', ')}</p>`}
      ${
        homes.length > 0 &&
        html`<section>
          <h2>${t.courseTool}</h2>
          <ul class="activities home">
            ${homes.map((activity) => activityItem(lms, visit, activity))}
          </ul>
        </section>`
      }
      <section>
        <h2>${t.activities}</h2>
        ${
          activities.length === 0
            ? html`<p class="muted">${t.noActivities}</p>`
            : html`<ul class="activities">
                ${activities.map((activity) => activityItem(lms, visit, activity))}
              </ul>`
        }
        ${state.mayEdit(course.id, person.id) && editorActions(lms, visit, course)}
      </section>`;
    sendPage(lms, visit, course.title, content);
  });

  router.get('/courses/:courseId/activities/:activityId', (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const { course } = requireCourse(lms, visit);
    const activity = state.activity(pathParameter(req, 'activityId'));
    if (activity?.courseId !== course.id) throw new DomainError('activity-not-found', 404);
    const launch = `${PATHS.launch}?id=${activity.cmid}`;
    const content = html`<p class="crumbs">
        <a href="/courses/${course.id}">${course.title}</a>
        <a href="${launch}&window=1" target="_blank" rel="noopener">${t.newWindow}</a>
      </p>
      ${activity.text !== '' && html`<p class="muted">${activity.text}</p>`}
      ${frame(lms, launch, activity.title)}`;
    sendPage(lms, visit, activity.title, content, { wide: true });
  });

  router.get('/courses/:courseId/add', (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const { person, course } = requireCourse(lms, visit);
    if (!state.mayEdit(course.id, person.id)) throw new DomainError('not-an-editor', 403);
    const wanted = queryParameter(req, 'tool');
    const tool = selectingTools(lms).find(({ id }) => wanted === '' || id === wanted);
    if (tool === undefined) throw new DomainError('tool-not-found', 404);
    const content = html`<p class="crumbs"><a href="/courses/${course.id}">${course.title}</a></p>
      <p class="muted">${t.addHint}</p>
      ${frame(lms, `${PATHS.select}?id=${tool.id}&course=${course.id}`, t.addWith)}`;
    sendPage(lms, visit, t.addWith, content, { wide: true });
  });

  router.post('/courses/:courseId/copy', express.urlencoded({ extended: false }), (req, res) => {
    const visit = visitOf(lms, req, res);
    const { person, course } = requireCourse(lms, visit);
    if (!state.mayEdit(course.id, person.id)) throw new DomainError('not-an-editor', 403);
    const withStudents = formOf(req.body).students === '1';
    const copy = copyCourse(state, course, { withStudents, now: lms.clock.now() });
    state.commit();
    res.redirect(303, `/courses/${copy.id}`);
  });

  return router;
}
