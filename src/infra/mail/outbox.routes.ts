import { Router } from 'express';
import { z } from 'zod';
import { HOUR } from '../../shared/clock.js';
import { groupBy } from '../../shared/group-by.js';
import { parse, whole } from '../../web/parse.js';
import { present, seeOther } from '../../web/present.js';
import type { OutboxStore } from './outbox.store.js';

/** A reminder to all students of a demo is forty messages; those of an evening must be among what is shown. */
const SHOWN = 400;

/** The clock of a demo, which a button of the page moves on. */
export interface OutboxClock {
  now(): Date;
  /** Undefined where time is real. */
  readonly move?: ((milliseconds: number) => void) | undefined;
}

const moveForm = z.object({ hours: whole(1, 48) });

/** The page of a demo that shows messages instead of sending them. Mounted in development alone. */
export function outboxRouter(outbox: Pick<OutboxStore, 'list'>, clock: OutboxClock): Router {
  const router = Router();
  const { move } = clock;
  router.get('/', async (req, res) => {
    const messages = (await outbox.list(SHOWN)).map(
      ({ html: _html, personId: _personId, ...message }) => message,
    );
    present(req, res, {
      view: 'mail/outbox',
      title: req.page.t('mail.outbox.title'),
      data: {
        messages,
        // The same to many people stands once, and opens.
        groups: [...groupBy(messages, ({ subject }) => subject).values()].map(([first, ...others]) => ({
          first,
          others,
        })),
        now: clock.now(),
        steps: move === undefined ? [] : [1, 3, 24],
      },
    });
  });
  if (move !== undefined) {
    router.post('/clock', (req, res) => {
      move(parse(moveForm, req.body ?? {}).hours * HOUR);
      seeOther(res, '/outbox');
    });
  }
  return router;
}
