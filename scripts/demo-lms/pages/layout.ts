import type { Lms } from '../lms.js';
import { html, type Html, type Printable } from './html.js';
import type { Visit } from './visit.js';

const document = (visit: Visit, title: string, body: Html): string => {
  const page = html`<html lang="${visit.language}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      <link rel="stylesheet" href="/static/lms.css" />
      <link rel="icon" href="data:," />
    </head>
    ${body}
    <script src="/static/lms.js"></script>
  </html>`;
  return `<!doctype html>\n${page.text}`;
};

function header(lms: Lms, visit: Visit): Html {
  const { t, person, language, req } = visit;
  const other = language === 'ru' ? 'en' : 'ru';
  return html`<header class="bar">
    <a class="brand" href="/">${t.portal} <small>${t.demo}</small></a>
    <nav>
      ${person !== null && html`<a href="/courses">${t.courses}</a>`}
      ${person !== null && lms.state.isAdministrator(person.id) && html`<a href="/tools">${t.tools}</a>`}
      <a href="/">${t.people}</a>
      <a
        href="/language/${other}?back=${encodeURIComponent(req.originalUrl)}"
        lang="${other}"
        hreflang="${other}"
        >${t.otherLanguage}</a
      >
    </nav>
    ${
      person !== null &&
      html`<form method="post" action="/leave" class="me">
        <span>${t.you} <strong>${person.familyName} ${person.givenName}</strong></span>
        <button class="quiet">${t.leave}</button>
      </form>`
    }
  </header>`;
}

/** A whole page with the bar on top. */
export function sendPage(
  lms: Lms,
  visit: Visit,
  title: string,
  content: Printable,
  { status = 200, wide = false } = {},
): void {
  const body = html`<body>
    ${header(lms, visit)}
    <main class="${wide ? 'wide' : ''}">
      <h1>${title}</h1>
      ${content}
    </main>
  </body>`;
  visit.res
    .status(status)
    .type('html')
    .send(document(visit, `${title} — ${visit.t.portal}`, body));
}

/** What stands inside a frame, or passes by in a moment: no bar. */
export function sendBare(visit: Visit, title: string, content: Printable, status = 200): void {
  const body = html`<body class="bare">
    <main>${content}</main>
  </body>`;
  visit.res
    .status(status)
    .type('html')
    .send(document(visit, title, body));
}

/** A tool inside a page, about as wide as Moodle shows it, beside what keeps data for it. */
export const frame = (lms: Lms, src: string, title: string): Html =>
  html`${storage(lms)}<iframe
      class="tool"
      src="${src}"
      title="${title}"
      allow="clipboard-write; fullscreen"
    ></iframe>`;

function storage({ storageTarget }: Lms): Printable {
  if (storageTarget === null) return '';
  const own = storageTarget === '_parent';
  return html`<div hidden data-storage="${storageTarget}">
    ${!own && html`<iframe name="${storageTarget}" src="/storage" title="${storageTarget}"></iframe>`}
  </div>`;
}
