import express, { Router } from 'express';
import { DomainError } from '../../../src/shared/errors.js';
import type { Lms } from '../lms.js';
import type { Tool } from '../model.js';
import { formOf } from '../platform/index.js';
import { registrationUrl } from '../platform/registration.js';
import { activateTool } from '../platform/tools.js';
import { PATHS } from '../platform/urls.js';
import { html, type Html } from './html.js';
import { frame, sendPage } from './layout.js';
import { pathParameter, requireAdministrator, visitOf, type Visit } from './visit.js';

function toolCard({ t }: Visit, tool: Tool): Html {
  return html`<li class="tool-card">
    <h3>${tool.name} <span class="badge ${tool.state}">${t[tool.state]}</span></h3>
    <dl>
      <dt>${t.clientId}</dt>
      <dd><code>${tool.clientId}</code></dd>
      <dt>${t.deployment}</dt>
      <dd><code>${tool.deploymentId}</code></dd>
      <dt>${t.address}</dt>
      <dd><code>${tool.targetLinkUrl}</code></dd>
    </dl>
    ${
      tool.state === 'pending' &&
      html`<form method="post" action="/tools/${tool.id}/activate"><button>${t.activate}</button></form>`
    }
  </li>`;
}

function registrationForm({ t }: Visit, problem: string | null): Html {
  return html`<section>
    <h2>${t.register}</h2>
    <p class="muted">${t.registerHint}</p>
    ${problem !== null && html`<p class="warning">${problem}</p>`}
    <form method="post" action="/tools/register" class="stack">
      <label>${t.registrationUrl} <input type="url" name="url" required /></label>
      <button>${t.start}</button>
    </form>
  </section>`;
}

function addresses({ t }: Visit, origin: string): Html {
  const rows = [
    ['iss', origin],
    ['OpenID configuration', `${origin}${PATHS.configuration}`],
    ['Authentication', `${origin}${PATHS.auth}`],
    ['Access token', `${origin}${PATHS.token}`],
    ['JWKS', `${origin}${PATHS.keys}`],
  ];
  return html`<details>
    <summary>${t.addresses}</summary>
    <dl>
      ${rows.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd><code>${value}</code></dd>`,
      )}
    </dl>
  </details>`;
}

/** The administrator's page: what is connected, and connecting more. */
export function toolsRouter(lms: Lms): Router {
  const router = Router();

  const sendTools = (visit: Visit, problem: string | null, status = 200): void => {
    const { tools } = lms.state.data;
    const list =
      tools.length === 0
        ? html`<p class="muted">${visit.t.noTools}</p>`
        : html`<ul class="plain">
            ${tools.map((tool) => toolCard(visit, tool))}
          </ul>`;
    const content = html`${list} ${registrationForm(visit, problem)} ${addresses(visit, lms.origin())}`;
    sendPage(lms, visit, visit.t.tools, content, { status });
  };

  router.get('/tools', (req, res) => {
    const visit = visitOf(lms, req, res);
    requireAdministrator(lms, visit);
    sendTools(visit, null);
  });

  router.post('/tools/register', express.urlencoded({ extended: false }), async (req, res) => {
    const visit = visitOf(lms, req, res);
    requireAdministrator(lms, visit);
    const url = (formOf(req.body).url ?? '').trim();
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
      sendTools(visit, visit.t.badUrl, 400);
      return;
    }
    const src = await registrationUrl(lms, url);
    const content = html`<p class="crumbs">
        <a href="/tools">${visit.t.tools}</a>
        <a href="${src}" target="_blank" rel="opener">${visit.t.newWindow}</a>
      </p>
      <div data-closes-to="/tools">${frame(lms, src, visit.t.register)}</div>`;
    sendPage(lms, visit, visit.t.register, content, { wide: true });
  });

  router.post('/tools/:toolId/activate', (req, res) => {
    const visit = visitOf(lms, req, res);
    requireAdministrator(lms, visit);
    const tool = lms.state.tool(pathParameter(req, 'toolId'));
    if (tool === undefined) throw new DomainError('tool-not-found', 404);
    activateTool(lms.state, tool);
    res.redirect(303, '/tools');
  });

  return router;
}
