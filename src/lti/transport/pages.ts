import type { OutboundResponse } from './outbound.js';
import { eachPage, isLater, jsonIn, platformWords } from './platform-answer.js';
import type { Registration } from '../registrations/registrations.store.js';
import { ServiceError } from './service-error.js';
import type { Services } from '../services/granted-services.js';

/* Lists that a platform gives page after page: members (NRPS 2.0, 2.4.2), groups. Read leniently. */

/** The platform gave no list; `retryable` says whether trying later can help. The message is for administrators. */
export class RosterError extends Error {
  override readonly name = 'RosterError';
  constructor(
    readonly retryable: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface List {
  readonly registration: Registration;
  readonly url: URL;
  readonly scope: string;
  readonly mediaType: string;
}

/** A page of a few thousand members. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A platform whose pages never end comes to an end here. */
const MOST_PAGES = 200;

/**
 * Hands each page's JSON to `take`, in order.
 * @returns whether that was all: false when pages led in a circle, or away from the platform
 * @throws RosterError
 */
export async function readPages(
  services: Services,
  list: List,
  take: (page: unknown) => void,
): Promise<boolean> {
  return eachPage(
    list.url,
    MOST_PAGES,
    async (url) => {
      const response = await ask(services, list, url);
      if (response.status !== 200) throw refused(response);
      const page = jsonIn(response.body);
      if (page === undefined) throw new RosterError(true, 'the answer is not JSON');
      take(page);
      return response;
    },
    () => new RosterError(false, `more than ${MOST_PAGES} pages`),
  );
}

async function ask(
  services: Services,
  { registration, scope, mediaType }: List,
  url: string,
): Promise<OutboundResponse> {
  try {
    // A launch that names the service has been granted it.
    return await services.call({ registration, scopes: [scope] }, [scope], {
      url,
      maxBytes: MOST_BYTES,
      headers: { accept: mediaType },
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new RosterError(error.retryable, error.message, { cause: error });
  }
}

function refused({ status, body }: OutboundResponse): RosterError {
  return new RosterError(isLater(status), `${status} ${platformWords(body)}`.trim());
}
