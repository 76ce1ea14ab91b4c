import express, { Router, type Request } from 'express';
import { publicJwk } from '../keys.js';
import type { Lms } from '../lms.js';
import { getGroups, getGroupSets } from './groups.js';
import { createLineItem, deleteLineItem, getLineItem, listLineItems, putLineItem } from './lineitems.js';
import { getMemberships } from './memberships.js';
import { getHandlers, putHandler } from './notices.js';
import { openidConfiguration, registrationReply } from './registration.js';
import { registrationClientReply } from './registration-client.js';
import { send, service, type Reply } from './reply.js';
import { getResults } from './results.js';
import { getScores, postScore } from './scores.js';
import { bodyOf, noHandler, refusing } from './service-request.js';
import { tokenReply } from './token.js';
import { PATHS } from './urls.js';

/** Fields of a urlencoded body; what is not a single string counts as missing. */
export const formOf = (body: unknown): Record<string, string | undefined> =>
  typeof body !== 'object' || body === null
    ? {}
    : Object.fromEntries(
        Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
      );

const parameter = (req: Request, name: string): string => {
  const value = req.params[name];
  return typeof value === 'string' ? value : '';
};

/** What tools call, machine to machine. */
export function platformRouter(lms: Lms): Router {
  const router = Router();
  const { faults } = lms;
  const raw = express.text({ type: () => true, limit: '1mb' });
  const json = (body: unknown): Reply => ({
    status: 200,
    type: 'application/json; charset=utf-8',
    body: JSON.stringify(body),
  });

  router.get(
    PATHS.keys,
    service(faults, 'jwks', () => json({ keys: lms.state.data.keys.map(publicJwk) })),
  );
  router.get(PATHS.configuration, (_req, res) =>
    send(res, json(openidConfiguration(lms.origin(), lms.oddities))),
  );
  router.all(PATHS.registration, raw, async (req, res) => {
    send(res, await registrationReply(lms, req.method, req.get('authorization') ?? '', bodyOf(req)));
  });
  router.all(`${PATHS.registrationClient}/:clientId`, raw, (req, res) => {
    send(
      res,
      registrationClientReply(lms, {
        method: req.method,
        clientId: parameter(req, 'clientId'),
        authorization: req.get('authorization') ?? '',
        body: bodyOf(req),
      }),
    );
  });
  router.all(
    PATHS.token,
    express.urlencoded({ extended: false }),
    service(faults, 'token', (req) => tokenReply(lms, req.method === 'POST' ? formOf(req.body) : {})),
  );

  type Work = (req: Request, courseId: string, id: string) => Reply;
  const offer = (name: Parameters<typeof service>[1], methods: Readonly<Record<string, Work>>) =>
    service(faults, name, (req) =>
      refusing(req, () => {
        const work = methods[req.method];
        if (work === undefined) throw noHandler(req);
        return work(req, parameter(req, 'courseId'), parameter(req, 'id'));
      }),
    );
  const items = `${PATHS.services}/:courseId/lineitems`;
  router.all(
    items,
    raw,
    offer('lineitems', {
      GET: (req, courseId) => listLineItems(lms, req, courseId),
      POST: (req, courseId) => createLineItem(lms, req, courseId),
    }),
  );
  router.all(
    `${items}/:id/lineitem`,
    raw,
    offer('lineitems', {
      GET: (req, courseId, id) => getLineItem(lms, req, courseId, id),
      PUT: (req, courseId, id) => putLineItem(lms, req, courseId, id),
      DELETE: (req, courseId, id) => deleteLineItem(lms, req, courseId, id),
    }),
  );
  router.all(
    `${items}/:id/lineitem/scores`,
    raw,
    offer('scores', {
      GET: (req) => getScores(lms, req),
      POST: (req, courseId, id) => postScore(lms, req, courseId, id),
    }),
  );
  router.all(
    `${items}/:id/lineitem/results`,
    raw,
    offer('results', { GET: (req, courseId, id) => getResults(lms, req, courseId, id) }),
  );
  router.all(
    `${PATHS.services}/CourseSection/:courseId/bindings/:id/memberships`,
    raw,
    offer('nrps', { GET: (req, courseId, id) => getMemberships(lms, req, courseId, id) }),
  );
  router.all(
    `${PATHS.services}/CourseSection/:courseId/bindings/:id/groups`,
    raw,
    offer('groups', { GET: (req, courseId, id) => getGroups(lms, req, courseId, id) }),
  );
  router.all(
    `${PATHS.services}/CourseSection/:courseId/bindings/:id/groupsets`,
    raw,
    offer('groups', { GET: (req, courseId, id) => getGroupSets(lms, req, courseId, id) }),
  );
  router.all(
    `${PATHS.services}/tool/:id/noticehandlers`,
    raw,
    offer('notices', {
      GET: (req, _courseId, id) => getHandlers(lms, req, id),
      PUT: (req, _courseId, id) => putHandler(lms, req, id),
    }),
  );
  router.use(PATHS.services, async (req, res) => {
    const reply = await refusing(req, () => {
      throw noHandler(req);
    });
    send(res, reply);
  });
  return router;
}
