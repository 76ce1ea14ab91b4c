import { fileURLToPath } from 'node:url';
import express, { Router, type ErrorRequestHandler } from 'express';
import { DomainError } from '../../../src/shared/errors.js';
import type { Lms } from '../lms.js';
import { courseRouter } from './course.js';
import { gradesRouter } from './grades.js';
import { html } from './html.js';
import { launchRouter } from './launch.js';
import { sendPage } from './layout.js';
import { peopleRouter } from './people.js';
import { toolsRouter } from './tools.js';
import { SignInFirst, visitOf } from './visit.js';

/** Everything a person sees. */
export function pagesRouter(lms: Lms): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.setHeader(
      'content-security-policy',
      "default-src 'self'; img-src * data:; frame-src *; object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
    );
    res.setHeader('x-content-type-options', 'nosniff');
    // The keys in our URLs are not for the tool's logs. Stricter still, and forms would come from "null".
    res.setHeader('referrer-policy', 'strict-origin-when-cross-origin');
    next();
  });
  router.use('/static', express.static(fileURLToPath(new URL('../public', import.meta.url))));
  router.use(peopleRouter(lms), launchRouter(lms), courseRouter(lms), gradesRouter(lms), toolsRouter(lms));
  router.use(() => {
    throw new DomainError('not-found', 404);
  });
  return router;
}

/** One page for whatever went wrong. */
export function errorPages(lms: Lms): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    if (error instanceof SignInFirst) {
      res.redirect(303, '/');
      return;
    }
    const visit = visitOf(lms, req, res);
    if (error instanceof DomainError) {
      const words = Object.entries(visit.t).find(([code]) => code === error.code)?.[1] ?? error.code;
      sendPage(
        lms,
        visit,
        visit.t.errorTitle,
        html`<p class="warning" data-code="${error.code}">${words}</p>`,
        {
          status: error.status,
        },
      );
      return;
    }
    const status = statusOf(error);
    if (status >= 500) console.error(error);
    sendPage(lms, visit, visit.t.errorTitle, html`<p class="warning">HTTP ${status}</p>`, { status });
  };
}

/** Body parsers say what they think of the request. */
function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
