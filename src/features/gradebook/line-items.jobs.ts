import { z } from 'zod';
import type { Event } from '../../infra/events/index.js';
import { defineJob, defineLane, exponential, JobError, type Job } from '../../infra/jobs/index.js';
import { LineItemError, type LineItems, type Registrations } from '../../lti/index.js';
import { DAY, HOUR, SECOND } from '../../shared/clock.js';
import type { ResourceLink } from '../launch/index.js';
import { seekLineItem, type Seeking } from './line-items.seek.js';
import type { Knowledge, SeekingLineItem } from './line-item-row.store.js';
import type { LineItemsStore } from './line-items.store.js';

export interface SeekLineItemDeps extends Pick<Seeking, 'kinds' | 'forget' | 'clock'> {
  readonly store: Pick<LineItemsStore, 'begin' | 'note'>;
  readonly lineItems: LineItems;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  readonly findLink: (courseId: string, id: string) => Promise<ResourceLink | null>;
}

const payload = z.object({ linkId: z.string(), registrationId: z.string() });
export type SeekLineItemPayload = z.infer<typeof payload>;

/** Platforms are worked on side by side, one link of each at a time. */
const lineItemsLane = defineLane({ name: 'line-items', limit: 1 });

/** The LMS did not answer, or refused. */
class UnsettledError extends JobError {
  override readonly name = 'UnsettledError';
  constructor(
    readonly row: SeekingLineItem,
    override readonly cause: LineItemError,
  ) {
    const { retryable, retryAfterMs, message } = cause;
    super(message, { retryable, laneDown: retryable, retryAfterMs, cause });
  }
}

/**
 * The job that finds or makes the gradebook column of a link where launches do not name one, and keeps a column that
 * we have made equal to its test. It searches before it makes anything, so what a killed process has made is found.
 * https://www.imsglobal.org/spec/lti-ags/v2p0#line-item-service-scope-and-allowed-http-methods
 */
export function seekLineItemJob(deps: SeekLineItemDeps): Job<SeekLineItemPayload> {
  const { store, registrations, findLink } = deps;

  const seek = async (row: SeekingLineItem, renew: () => Promise<boolean>): Promise<Knowledge | null> => {
    const [registration, link] = await Promise.all([
      registrations.findOptionalById(row.registrationId),
      findLink(row.courseId, row.linkId),
    ]);
    if (registration?.state !== 'active') return { problem: 'disabled' };
    if (link === null) return {};
    const access = { registration, scopes: link.scopes };
    const note = async (known: Knowledge, event?: Event) => (await renew()) && store.note(row, known, event);
    return seekLineItem({ ...deps, access, note }, row, link);
  };

  return defineJob<SeekLineItemPayload>({
    name: 'seek-line-item',
    payload,
    key: ({ linkId }) => linkId,
    lane: lineItemsLane,
    laneKey: ({ registrationId }) => registrationId,
    retry: exponential({ first: 1.5 * SECOND, factor: 1.5, upTo: HOUR, giveUp: 3 * DAY }),

    async run({ payload: { linkId }, renew }) {
      const row = await store.begin(linkId);
      if (row === null) return;
      // The test changed while the search found that its column was removed: another is made only on request.
      if (row.problem === 'gone') {
        await store.note(row, { dueAt: null, tries: 0 });
        return;
      }
      try {
        const known = await seek(row, renew);
        if (known !== null) await store.note(row, { ...DONE, ...known });
      } catch (error) {
        throw error instanceof LineItemError ? new UnsettledError(row, error) : error;
      }
    },

    async onFailure(_run, { error, nextAt: dueAt }) {
      if (!(error instanceof UnsettledError)) return;
      const { problem, message: reason } = error.cause;
      await store.note(error.row, { dueAt, problem, reason });
    },
  });
}

const DONE = { dueAt: null, tries: 0, problem: '', reason: '' } as const;
