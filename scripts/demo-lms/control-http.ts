import express, { Router, type Request } from 'express';
import type { LmsControl } from './control.js';
import { SERVICES, type Service } from './faults.js';
import { isOddity, ODDITIES } from './oddities.js';
import type { ToolInput } from './platform/tools.js';

/**
 * The control object over HTTP, for tests in another process. There is no password: it exists only where
 * it was asked for, and takes JSON alone, which no form of another site can send.
 */
export function controlRouter(control: LmsControl): Router {
  const router = Router();
  router.use((req, res, next) => {
    if (req.method !== 'GET' && req.is('application/json') === false) {
      res.status(415).json({ error: 'application/json only' });
      return;
    }
    next();
  });
  router.use(express.json());

  router
    .route('/control/faults')
    .get((_req, res) => res.json({ services: SERVICES, calls: control.faults.calls }))
    .post((req, res) => {
      const { service, ...fault } = body(req);
      if (!isService(service)) {
        res.status(400).json({ error: `service: one of ${SERVICES.join(', ')}` });
        return;
      }
      control.faults.fail(service, fault);
      res.json({ ok: true });
    })
    .delete((_req, res) => {
      control.faults.clear();
      control.faults.resetCalls();
      res.json({ ok: true });
    });
  router.post('/control/oddities', (req, res) => {
    const { oddity, on } = body(req);
    if (!isOddity(oddity)) {
      res.status(400).json({ error: `oddity: one of ${ODDITIES.join(', ')}` });
      return;
    }
    control.setOddity(oddity, on !== false);
    res.json({ ok: true });
  });
  router
    .route('/control/scores')
    .get((_req, res) => res.json(control.scores))
    .delete((_req, res) => {
      control.forgetScores();
      res.json({ ok: true });
    });
  router
    .route('/control/clock')
    .get((_req, res) => res.json({ now: control.clock.now() }))
    .post((req, res) => {
      const { freeze, advanceMs, reset } = body(req);
      if (reset === true) control.clock.reset();
      if (freeze === true) control.clock.freeze();
      if (typeof freeze === 'string') control.clock.freeze(freeze);
      if (typeof advanceMs === 'number') control.clock.advance(advanceMs);
      res.json({ now: control.clock.now() });
    });
  router
    .route('/control/tools')
    .get((_req, res) => res.json(control.tools()))
    .post((req, res) => {
      const input = body(req);
      if (typeof input.url !== 'string') {
        res.status(400).json({ error: 'url: the origin of the tool' });
        return;
      }
      res.json(control.registerTool(input as unknown as ToolInput));
    });
  router.get('/control/courses/:courseId', (req, res) => {
    const { courseId } = req.params;
    res.json({
      activities: control.activities(courseId),
      columns: control.columns(courseId).map((column) => ({ ...column, grades: control.grades(column.id) })),
    });
  });
  return router;
}

const body = (req: Request): Record<string, unknown> =>
  typeof req.body === 'object' && req.body !== null ? (req.body as Record<string, unknown>) : {};

const isService = (name: unknown): name is Service => SERVICES.some((service) => service === name);
