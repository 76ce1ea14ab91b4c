import { Router } from 'express';
import { centre, type Post } from '../centre.js';
import { activeTools, type Lms } from '../lms.js';
import type { Person } from '../model.js';
import { DomainError } from '../../../src/shared/errors.js';
import { SESSION_COOKIE } from '../sessions.js';
import { html, type Html } from './html.js';
import { sendPage } from './layout.js';
import type { Texts } from './texts.js';
import { cookieOf, LANGUAGE_COOKIE, pathParameter, queryParameter, visitOf } from './visit.js';

const POSTS: readonly Post[] = ['administrator', 'methodist', 'teacher', 'assistant', 'student'];

function notes(t: Texts, person: Person): string {
  const patronymic = person.middleName !== '' || person.givenName.trim().includes(' ');
  return [
    person.private ? t.privateName : '',
    person.language === 'en' ? t.english : '',
    patronymic ? '' : t.noPatronymic,
  ]
    .filter((note) => note !== '')
    .join(', ');
}

const card = (t: Texts, person: Person): Html => {
  const note = notes(t, person);
  return html`<li>
    <form method="post" action="/act-as/${person.id}">
      <button class="person" title="${t.actAs}">
        <span>${person.familyName} ${person.givenName} ${person.middleName}</span>
        <small>${person.username}${note !== '' && html` · ${note}`}</small>
      </button>
    </form>
  </li>`;
};

/** Only a place on this site; anything else becomes the front page. */
const safeBack = (back: string): string => (/^\/(?![/\\])/.test(back) ? back : '/');

/** The front page: choose who to be. */
export function peopleRouter(lms: Lms): Router {
  const router = Router();

  router.get('/', (req, res) => {
    const visit = visitOf(lms, req, res);
    const { t } = visit;
    const content = html`<p class="lead">${t.peopleIntro}</p>
      ${activeTools(lms).length === 0 && html`<p class="warning">${t.noTool}</p>`}
      ${POSTS.map((post) => {
        const people = lms.state.data.people.filter((person) => person.post === post);
        return (
          people.length > 0 &&
          html`<section>
            <h2>${t[post]}</h2>
            <ul class="people">
              ${people.map((person) => card(t, person))}
            </ul>
          </section>`
        );
      })}`;
    sendPage(lms, visit, centre.title, content);
  });

  router.post('/act-as/:personId', (req, res) => {
    const person = lms.state.person(pathParameter(req, 'personId'));
    if (person === undefined) throw new DomainError('person-not-found', 404);
    lms.sessions.end(cookieOf(req, SESSION_COOKIE));
    res.cookie(SESSION_COOKIE, lms.sessions.start(person.id), { httpOnly: true, sameSite: 'lax', path: '/' });
    res.redirect(303, '/courses');
  });

  router.post('/leave', (req, res) => {
    lms.sessions.end(cookieOf(req, SESSION_COOKIE));
    res.clearCookie(SESSION_COOKIE, { path: '/' });
    res.redirect(303, '/');
  });

  router.get('/language/:language', (req, res) => {
    const language = pathParameter(req, 'language') === 'en' ? 'en' : 'ru';
    res.cookie(LANGUAGE_COOKIE, language, { sameSite: 'lax', path: '/', maxAge: 365 * 86_400_000 });
    res.redirect(303, safeBack(queryParameter(req, 'back')));
  });

  return router;
}
