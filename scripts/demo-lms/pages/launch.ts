import express, { Router, type Request } from 'express';
import { DomainError } from '../../../src/shared/errors.js';
import type { Lms } from '../lms.js';
import { authenticate } from '../platform/auth.js';
import { finishSelection } from '../platform/deep-linking.js';
import { formOf } from '../platform/index.js';
import { initiateLink, initiateReview, initiateSelection, type Initiation } from '../platform/initiation.js';
import { PATHS } from '../platform/urls.js';
import { autoForm, html } from './html.js';
import { sendBare } from './layout.js';
import { queryParameter, requirePerson, sessionPersonId, visitOf, type Visit } from './visit.js';

/** The steps of a launch the browser goes through, on the recorded platform's addresses. */

function sendInitiation(visit: Visit, { action, fields }: Initiation): void {
  sendBare(
    visit,
    visit.t.opening,
    html`<p>${visit.t.opening}</p>
      ${autoForm(action, fields, visit.t.goOn)}`,
  );
}

export function launchRouter(lms: Lms): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '1mb' });

  router.get(PATHS.launch, (req, res) => {
    const visit = visitOf(lms, req, res);
    const person = requirePerson(visit);
    const activity = lms.state.activityByCmid(queryParameter(req, 'id'));
    if (activity === undefined) throw new DomainError('activity-not-found', 404);
    const target = queryParameter(req, 'window') === '1' ? 'window' : 'iframe';
    sendInitiation(
      visit,
      queryParameter(req, 'action') === 'gradeReport'
        ? initiateReview(lms, person.id, activity.id, queryParameter(req, 'user'), target)
        : initiateLink(lms, person.id, activity.id, target),
    );
  });

  // A hidden frame that keeps data for tools.
  router.get('/storage', (req, res) => {
    sendBare(visitOf(lms, req, res), 'Storage', html`<div data-storage="_parent"></div>`);
  });

  router.get(PATHS.select, (req, res) => {
    const visit = visitOf(lms, req, res);
    const person = requirePerson(visit);
    const preset = { title: queryParameter(req, 'title'), text: queryParameter(req, 'text') };
    sendInitiation(
      visit,
      initiateSelection(lms, person.id, queryParameter(req, 'course'), queryParameter(req, 'id'), preset),
    );
  });

  const parametersOf = (req: Request): Record<string, string | undefined> =>
    formOf(req.method === 'POST' ? req.body : req.query);

  router.all(PATHS.auth, form, async (req, res) => {
    const visit = visitOf(lms, req, res);
    const { repost, ...parameters } = parametersOf(req);
    const reader = { personId: sessionPersonId(lms, req), language: visit.language };
    const answer = await authenticate(lms, parameters, reader, repost !== undefined);
    res.setHeader('cache-control', 'no-store');
    if (answer.kind === 'page') throw new DomainError('invalid-request', 404);
    if (answer.kind === 'form') {
      sendBare(visit, visit.t.opening, autoForm(answer.action, answer.fields, visit.t.goOn));
      return;
    }
    // From a form on our own page, the same request carries our cookie.
    const fields = Object.fromEntries(
      Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    sendBare(visit, visit.t.opening, autoForm(PATHS.auth, { ...fields, repost: '1' }, visit.t.goOn));
  });

  router.post(PATHS.selected, form, async (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const jwt = formOf(req.body).JWT ?? '';
    const outcome = await finishSelection(lms, queryParameter(req, 'sesskey'), jwt);
    if (!outcome.ok) {
      sendBare(
        visit,
        t.errorTitle,
        html`<h1>${t.errorTitle}</h1>
          <p>${t['lti-refused']} <strong data-reason>${outcome.reason}</strong></p>`,
        404,
      );
      return;
    }
    const { added, message, error, courseId } = outcome;
    sendBare(
      visit,
      t.addedTitle,
      html`<h1>${error === '' ? t.addedTitle : t.errorTitle}</h1>
        ${error !== '' && html`<p class="warning">${t.toolError} ${error}</p>`}
        ${message !== '' && html`<p class="note">${t.toolSays} ${message}</p>`}
        ${
          added.length === 0
            ? html`<p>${t.nothingAdded}</p>`
            : html`<p>${t.added}</p>
                <ul>
                  ${added.map(({ title }) => html`<li>${title}</li>`)}
                </ul>`
        }
        <p>
          <a
            class="button"
            href="/courses/${courseId}"
            target="_top"
            ${added.length > 0 && error === '' && html`data-leave`}
            >${t.back}</a
          >
        </p>`,
    );
  });

  router.get(PATHS.back, (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const error = queryParameter(req, 'lti_errormsg');
    const message = queryParameter(req, 'lti_msg');
    const courseId = queryParameter(req, 'course').replaceAll(/\D/g, '');
    sendBare(
      visit,
      t.returned,
      html`<h1>${t.returned}</h1>
        ${error !== '' && html`<p class="warning">${t.toolError} ${error}</p>`}
        ${message !== '' && html`<p class="note">${t.toolSays} ${message}</p>`}
        <p><a class="button" href="/courses/${courseId}" target="_top">${t.back}</a></p>`,
    );
  });

  return router;
}
