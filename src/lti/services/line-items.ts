import { z } from 'zod';
import type { Clock } from '../../shared/clock.js';
import { AGS_SCOPE } from './scores.js';
import type { OutboundRequest, OutboundResponse } from '../transport/outbound.js';
import { eachPage, isLater, jsonIn, platformWords, retryAfterOf } from '../transport/platform-answer.js';
import { ServiceError, type ServiceProblem } from '../transport/service-error.js';
import { isGranted, type ServiceAccess, type Services } from './granted-services.js';
import { submissionReview } from '../claims/submission-review.js';

/** A gradebook column as the platform describes it (AGS 2.0, 3.2); '' for what it does not say. */
export interface LineItem {
  /** Its address. */
  readonly id: string;
  readonly label: string;
  readonly resourceId: string;
  readonly tag: string;
  /** The link it belongs to; '' for one that belongs to none. */
  readonly resourceLinkId: string;
}

export interface NewLineItem {
  readonly label: string;
  /** Greater than 0. */
  readonly scoreMaximum: number;
  readonly resourceId: string;
  readonly tag: string;
  readonly resourceLinkId: string;
  /** The custom parameters of its link, where a student's work can be reviewed; null where it cannot. */
  readonly review: Readonly<Record<string, string>> | null;
}

/** Which line items are meant; a platform may pass over what it does not know. */
export interface LineItemFilter {
  readonly resourceLinkId?: string;
  readonly resourceId?: string;
  readonly tag?: string;
}

/** The platform's line items could not be had. The message is for people, in the platform's words where it had any. */
export class LineItemError extends Error {
  override readonly name = 'LineItemError';
  constructor(
    /** Whether trying later can help. */
    readonly retryable: boolean,
    message: string,
    readonly problem: ServiceProblem | '' = '',
    readonly status = 0,
    /** How long the platform asks to wait, in milliseconds. */
    readonly retryAfterMs = 0,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** There is no delete: with some platforms it takes an activity's own column, and everybody's grades with it. */
export interface LineItems {
  /** Whether scores may be sent at all: a column that nobody fills is of no use. */
  mayBeFilled(access: ServiceAccess): boolean;
  /**
   * The tool's line items of a context that match, read page after page.
   * @param container `lineitems` of a launch
   * @throws LineItemError
   */
  find(access: ServiceAccess, container: string, filter: LineItemFilter): Promise<LineItem[]>;
  /**
   * Makes a line item. Whoever calls has searched before: a second one is not refused.
   * @returns its address
   * @throws LineItemError `no-scope`, also where it is granted to look only
   */
  create(access: ServiceAccess, container: string, item: NewLineItem): Promise<string>;
  /** Whether it is still there. @throws LineItemError */
  exists(access: ServiceAccess, address: string): Promise<boolean>;
  /**
   * Changes the label and the maximum; all else is sent back as the platform has it, for a PUT replaces the item.
   * @throws LineItemError
   */
  update(
    access: ServiceAccess,
    address: string,
    changes: Pick<NewLineItem, 'label' | 'scoreMaximum'>,
  ): Promise<void>;
}

// Exactly these: Moodle answers 400 to a list of types, and to any other.
const ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const CONTAINER = 'application/vnd.ims.lis.v2.lineitemcontainer+json';

const READ = [AGS_SCOPE.lineItem, AGS_SCOPE.lineItemReadonly] as const;
const WRITE = [AGS_SCOPE.lineItem] as const;

const MOST_BYTES = 2 * 1024 * 1024;
/** A platform whose pages lead in circles comes to an end here. */
const MOST_PAGES = 50;
/** All of the tool's in a course, where a platform does not filter. */
const MOST_ITEMS = 10_000;

const webAddress = z
  .string()
  .max(4_000)
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));
/** Ids are numbers with some. */
const word = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).slice(0, 1_000))
  .catch('');

/** One item that cannot be read costs that item alone. */
const lineItem = z.object({
  id: webAddress,
  label: word,
  resourceId: word,
  tag: word,
  resourceLinkId: word,
});
const made = z.object({ id: webAddress });

export function createLineItems(services: Services, clock: Clock, launchUrl: string): LineItems {
  async function call(
    access: ServiceAccess,
    needs: readonly [string, ...string[]],
    request: Omit<OutboundRequest, 'timeoutMs'>,
  ): Promise<OutboundResponse> {
    let response: OutboundResponse;
    try {
      response = await services.call(access, needs, { maxBytes: MOST_BYTES, ...request });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { retryable, message, problem, retryAfterMs } = error;
      throw new LineItemError(retryable, message, problem, 0, retryAfterMs, { cause: error });
    }
    const { status, body } = response;
    if (status >= 200 && status < 300) return response;
    const words = `${status} ${platformWords(body)}`.trim();
    const wait = retryAfterOf(response, clock.now());
    throw new LineItemError(isLater(status), words, '', status, wait);
  }

  return {
    mayBeFilled: (access) => isGranted(access, AGS_SCOPE.score),

    async find(access, container, { resourceLinkId, resourceId, tag }) {
      const first = new URL(container);
      if (resourceLinkId !== undefined) first.searchParams.set('resource_link_id', resourceLinkId);
      if (resourceId !== undefined) first.searchParams.set('resource_id', resourceId);
      if (tag !== undefined) first.searchParams.set('tag', tag);
      const found = new Map<string, LineItem>();
      // One link has few columns: where the rest lies elsewhere, it is not waited for.
      await eachPage(
        first,
        MOST_PAGES,
        async (url) => {
          const response = await call(access, READ, { url, headers: { accept: CONTAINER } });
          for (const item of itemsIn(response.body)) found.set(item.id, item);
          if (found.size > MOST_ITEMS) throw new LineItemError(false, `more than ${MOST_ITEMS} line items`);
          return response;
        },
        () => new LineItemError(false, `more than ${MOST_PAGES} pages`),
      );
      // Some platforms do not filter.
      return [...found.values()].filter(
        (item) =>
          (resourceLinkId === undefined || item.resourceLinkId === resourceLinkId) &&
          (resourceId === undefined || item.resourceId === resourceId) &&
          (tag === undefined || item.tag === tag),
      );
    },

    async create(access, container, { review, ...item }) {
      const { body } = await call(access, WRITE, {
        url: container,
        method: 'POST',
        headers: { 'content-type': ITEM },
        body: JSON.stringify({
          ...item,
          ...(review && { submissionReview: submissionReview(launchUrl, { custom: review }) }),
        }),
      });
      const answer = made.safeParse(jsonIn(body));
      // It may have been made all the same: the next try searches first.
      if (!answer.success) throw new LineItemError(true, 'the answer is not a line item');
      return answer.data.id;
    },

    async exists(access, address) {
      try {
        await call(access, READ, { url: address, headers: { accept: ITEM } });
        return true;
      } catch (error) {
        if (error instanceof LineItemError && isGone(error)) return false;
        throw error;
      }
    },

    async update(access, address, { label, scoreMaximum }) {
      const before = await call(access, WRITE, { url: address, headers: { accept: ITEM } });
      const item = z.looseObject({}).safeParse(jsonIn(before.body));
      if (!item.success) throw new LineItemError(true, 'the answer is not a line item');
      await call(access, WRITE, {
        url: address,
        method: 'PUT',
        headers: { 'content-type': ITEM },
        body: JSON.stringify({ ...item.data, label, scoreMaximum }),
      });
    },
  };
}

/** Somebody has removed it. */
const isGone = ({ status }: LineItemError): boolean => status === 404 || status === 410;

function itemsIn(body: string): LineItem[] {
  const list = z.array(z.unknown()).safeParse(jsonIn(body));
  if (!list.success) throw new LineItemError(true, 'the answer is not a list of line items');
  return list.data.flatMap((item) => {
    const { success, data } = lineItem.safeParse(item);
    return success ? [data] : [];
  });
}
