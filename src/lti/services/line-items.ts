import { z } from 'zod';
import type { Clock } from '../../shared/clock.js';
import { AGS_SCOPE } from './scores.js';
import type { OutboundRequest, OutboundResponse } from '../transport/outbound.js';
import {
  eachPage,
  isGone,
  isLater,
  isSuccess,
  jsonIn,
  platformMessage,
  retryAfterOf,
} from '../transport/platform-answer.js';
import { platformOf } from '../platforms/index.js';
import { ServiceError, type ServiceProblem } from '../transport/service-error.js';
import { isGranted, type ServiceAccess, type Services } from './granted-services.js';
import { submissionReview } from '../claims/submission-review.js';

/**
 * A line item as the platform describes it; '' for members that are missing.
 * https://www.imsglobal.org/spec/lti-ags/v2p0#line-item-service
 */
export interface LineItem {
  /** Its address. */
  readonly id: string;
  readonly label: string;
  readonly resourceId: string;
  readonly tag: string;
  /** The resource link of the line item; '' if it belongs to none. */
  readonly resourceLinkId: string;
}

export interface NewLineItem {
  readonly label: string;
  /** Greater than 0. */
  readonly scoreMaximum: number;
  readonly resourceId: string;
  readonly tag: string;
  readonly resourceLinkId: string;
  /** Custom parameters of its link, which submission review sends back; null if there is no review. */
  readonly review: Readonly<Record<string, string>> | null;
}

/** https://www.imsglobal.org/spec/lti-ags/v2p0#container-request-filters */
export interface LineItemFilter {
  readonly resourceLinkId?: string;
  readonly resourceId?: string;
  readonly tag?: string;
}

/** The platform's line items could not be read or changed. The message is for people, in the platform's words if any. */
export class LineItemError extends Error {
  override readonly name = 'LineItemError';
  constructor(
    /** True if the same call may succeed later. */
    readonly retryable: boolean,
    message: string,
    readonly problem: ServiceProblem | '' = '',
    readonly status = 0,
    /** Milliseconds to wait, as the platform asked. */
    readonly retryAfterMs = 0,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Has no delete: on some platforms it removes the column of the activity itself, with all its grades. */
export interface LineItems {
  /** Returns true if the platform grants publishing scores; without that a line item stays empty. */
  mayBeFilled(access: ServiceAccess): boolean;
  /**
   * Reads the tool's line items of a context that match, page by page.
   * @param container `lineitems` of a launch
   * @throws LineItemError also if none is listed and the list may be incomplete
   */
  find(access: ServiceAccess, container: string, filter: LineItemFilter): Promise<LineItem[]>;
  /**
   * Creates a line item and returns its address, with a whole maximum and a shorter label if the platform refuses the
   * given ones. Call `find` first: platforms do not refuse a second one.
   * @throws LineItemError `no-scope`, also if only reading is granted
   */
  create(access: ServiceAccess, container: string, item: NewLineItem): Promise<string>;
  /** Returns true if the line item still exists. @throws LineItemError */
  exists(access: ServiceAccess, address: string): Promise<boolean>;
  /**
   * Changes the label. All other members are sent back unchanged, because a PUT replaces the line item. The maximum
   * never changes: Moodle turns the empty grades of a rescaled column into 0. A score bears its own maximum.
   * @throws LineItemError
   */
  rename(access: ServiceAccess, address: string, label: string): Promise<void>;
}

// https://www.imsglobal.org/spec/lti-ags/v2p0#media-types-and-schemas
// Moodle answers 400 to any other type and to a list of types.
const ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const CONTAINER = 'application/vnd.ims.lis.v2.lineitemcontainer+json';

const READ = [AGS_SCOPE.lineItem, AGS_SCOPE.lineItemReadonly] as const;
const WRITE = [AGS_SCOPE.lineItem] as const;

const MAX_BYTES = 2 * 1024 * 1024;
/** Limits a platform whose pages never end. */
const MAX_PAGES = 50;
/** All line items of the tool in a context, from a platform that does not filter. */
const MAX_ITEMS = 10_000;

const webAddress = z
  .string()
  .max(4_000)
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));
/** Some platforms send ids as numbers. */
const word = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).slice(0, 1_000))
  .catch('');

/** The shape of one line item; those that do not match are left out. */
const lineItem = z.object({
  id: webAddress,
  label: word,
  resourceId: word,
  tag: word,
  resourceLinkId: word,
});
const made = z.object({ id: webAddress });

/** What every platform accepts: some take no fractions and no longer label. */
const PLAIN_LABEL_LENGTH = 100;
/** Counted in code points, as platforms count. */
function plainLabel(label: string): string {
  const points = Array.from(label);
  return points.length <= PLAIN_LABEL_LENGTH ? label : `${points.slice(0, PLAIN_LABEL_LENGTH - 1).join('')}…`;
}
const plainMaximum = (maximum: number): number => Math.max(1, Math.round(maximum));

/** Statuses of a refusal of what was sent. */
const MALFORMED = new Set([400, 422]);

/**
 * Sends a line item, and once more in its plainest form if the platform refuses what was sent.
 * @param form how it is sent first
 */
async function plainer<Form extends { readonly label: string; readonly scoreMaximum?: number }>(
  form: Form,
  send: (form: Form) => Promise<OutboundResponse>,
): Promise<OutboundResponse> {
  try {
    return await send(form);
  } catch (error) {
    if (!(error instanceof LineItemError) || !MALFORMED.has(error.status)) throw error;
    const { label, scoreMaximum } = form;
    const plain = {
      ...form,
      label: plainLabel(label),
      ...(scoreMaximum !== undefined && { scoreMaximum: plainMaximum(scoreMaximum) }),
    };
    if (plain.label === label && plain.scoreMaximum === scoreMaximum) throw error;
    return send(plain);
  }
}

export function createLineItems(services: Services, clock: Clock, launchUrl: string): LineItems {
  async function call(
    access: ServiceAccess,
    needs: readonly [string, ...string[]],
    request: Omit<OutboundRequest, 'timeoutMs'>,
  ): Promise<OutboundResponse> {
    let response: OutboundResponse;
    try {
      response = await services.call(access, needs, { maxBytes: MAX_BYTES, ...request });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { retryable, message, problem, retryAfterMs } = error;
      throw new LineItemError(retryable, message, problem, 0, retryAfterMs, { cause: error });
    }
    const { status, body } = response;
    if (isSuccess(status)) return response;
    const words = `${status} ${platformMessage(body)}`.trim();
    const wait = retryAfterOf(response, clock.now());
    throw new LineItemError(isLater(response, platformOf(access.registration)), words, '', status, wait);
  }

  return {
    mayBeFilled: (access) => isGranted(access, AGS_SCOPE.score),

    async find(access, container, { resourceLinkId, resourceId, tag }) {
      const first = new URL(container);
      if (resourceLinkId !== undefined) first.searchParams.set('resource_link_id', resourceLinkId);
      if (resourceId !== undefined) first.searchParams.set('resource_id', resourceId);
      if (tag !== undefined) first.searchParams.set('tag', tag);
      const found = new Map<string, LineItem>();
      const complete = await eachPage(
        first,
        MAX_PAGES,
        async (url) => {
          const response = await call(access, READ, { url, headers: { accept: CONTAINER } });
          for (const item of itemsIn(response.body)) found.set(item.id, item);
          if (found.size > MAX_ITEMS) throw new LineItemError(false, `more than ${MAX_ITEMS} line items`);
          return response;
        },
        () => new LineItemError(false, `more than ${MAX_PAGES} pages`),
      );
      // Some platforms do not filter.
      const matching = [...found.values()].filter(
        (item) =>
          (resourceLinkId === undefined || item.resourceLinkId === resourceLinkId) &&
          (resourceId === undefined || item.resourceId === resourceId) &&
          (tag === undefined || item.tag === tag),
      );
      // One that is not listed may still exist: another must not be made.
      if (matching.length === 0 && !complete) throw new LineItemError(false, 'the list may be cut short');
      return matching;
    },

    async create(access, container, { review, ...item }) {
      const { body } = await plainer(item, (form) =>
        call(access, WRITE, {
          url: container,
          method: 'POST',
          headers: { accept: ITEM, 'content-type': ITEM },
          body: JSON.stringify({
            ...form,
            ...(review && { submissionReview: submissionReview(launchUrl, { custom: review }) }),
          }),
        }),
      );
      const answer = made.safeParse(jsonIn(body));
      // The line item may exist: the next attempt looks for it first.
      if (!answer.success) throw new LineItemError(true, 'the answer is not a line item');
      return answer.data.id;
    },

    async exists(access, address) {
      try {
        await call(access, READ, { url: address, headers: { accept: ITEM } });
        return true;
      } catch (error) {
        if (error instanceof LineItemError && isGone(error.status)) return false;
        throw error;
      }
    },

    async rename(access, address, label) {
      const before = await call(access, WRITE, { url: address, headers: { accept: ITEM } });
      const item = z.looseObject({}).safeParse(jsonIn(before.body));
      if (!item.success) throw new LineItemError(true, 'the answer is not a line item');
      await plainer({ label }, (form) =>
        call(access, WRITE, {
          url: address,
          method: 'PUT',
          headers: { accept: ITEM, 'content-type': ITEM },
          body: JSON.stringify({ ...item.data, ...form }),
        }),
      );
    },
  };
}

function itemsIn(body: string): LineItem[] {
  const list = z.array(z.unknown()).safeParse(jsonIn(body));
  if (!list.success) throw new LineItemError(true, 'the answer is not a list of line items');
  return list.data.flatMap((item) => {
    const { success, data } = lineItem.safeParse(item);
    return success ? [data] : [];
  });
}
