import { z } from 'zod';
import { AGS_SCOPE, below } from './scores.js';
import { eachPage, isSuccess, jsonIn, platformMessage } from '../transport/platform-answer.js';
import { ServiceError, type ServiceProblem } from '../transport/service-error.js';
import type { ServiceAccess, Services } from './granted-services.js';

/**
 * The gradebook's result of one person in one line item. A teacher may have overwritten the published score.
 * https://www.imsglobal.org/spec/lti-ags/v2p0#result-service
 */
export interface Result {
  /** On the platform's own scale; null if there is none. */
  readonly score: number | null;
  readonly maximum: number | null;
  readonly comment: string;
}

export type ResultAnswer =
  | { readonly kind: 'read'; readonly result: Result }
  | { readonly kind: 'failed'; readonly problem?: ServiceProblem; readonly reason: string };

export interface Results {
  /**
   * Reads one person's result. An answer of the platform never makes it throw.
   * @param userId the platform's id of the person
   */
  read(access: ServiceAccess, lineItem: string, userId: string): Promise<ResultAnswer>;
}

const number = z.number().nullish().catch(null);

/** Some platforms send ids as numbers; scores are null or missing if there is none. */
const entry = z.object({
  userId: z.union([z.string(), z.number()]).transform(String).catch(''),
  resultScore: number,
  resultMaximum: number,
  comment: z.string().catch(''),
});

/** Entries that cannot be read are passed over one by one. */
const container = z.array(z.unknown()).transform((all) =>
  all.flatMap((item) => {
    const read = entry.safeParse(item);
    return read.success ? [read.data] : [];
  }),
);

const RESULTS = 'application/vnd.ims.lis.v2.resultcontainer+json';
/** Results of all people of a course, from a platform that does not filter. */
const MAX_PAGES = 50;
const MAX_BYTES = 2 * 1024 * 1024;

/** The platform answered something else than results, in its words. */
class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

const NO_RESULT: Result = { score: null, maximum: null, comment: '' };

export function createResults(services: Services): Results {
  async function ask(access: ServiceAccess, lineItem: string, userId: string): Promise<ResultAnswer> {
    const url = below(lineItem, 'results');
    url.searchParams.set('user_id', userId);
    const found = new Map<string, z.output<typeof container>[number]>();
    const complete = await eachPage(
      url,
      MAX_PAGES,
      async (page) => {
        const response = await services.call(access, [AGS_SCOPE.result], {
          url: page,
          maxBytes: MAX_BYTES,
          headers: { accept: RESULTS },
        });
        const { status, body } = response;
        const read = isSuccess(status) ? container.safeParse(jsonIn(body)) : null;
        if (read?.success !== true) {
          const words = platformMessage(body);
          throw new UnreadableError(read === null ? `${status} ${words}`.trim() : words);
        }
        for (const item of read.data) found.set(item.userId, item);
        return response;
      },
      () => new UnreadableError(`more than ${MAX_PAGES} pages`),
    );
    // Some platforms do not filter.
    const own = found.get(userId);
    if (own === undefined && !complete) return { kind: 'failed', reason: 'the list may be cut short' };
    if (own === undefined) return { kind: 'read', result: NO_RESULT };
    const { resultScore, resultMaximum, comment } = own;
    return {
      kind: 'read',
      result: { score: resultScore ?? null, maximum: resultMaximum ?? null, comment },
    };
  }

  return {
    async read(access, lineItem, userId) {
      try {
        return await ask(access, lineItem, userId);
      } catch (error) {
        if (error instanceof UnreadableError) return { kind: 'failed', reason: error.message };
        if (!(error instanceof ServiceError)) throw error;
        return { kind: 'failed', problem: error.problem, reason: error.message };
      }
    },
  };
}
