import { platformOf } from '../platforms/index.js';
import type { OutboundResponse } from './outbound.js';
import { eachPage, isLater, isSuccess, jsonIn, platformMessage } from './platform-answer.js';
import type { Registration } from '../registrations/registrations.store.js';
import { ServiceError } from './service-error.js';
import type { Services } from '../services/granted-services.js';

/* Lists that a platform sends page by page: members, groups. https://www.imsglobal.org/spec/lti-nrps/v2p0#limit-query-parameter */

/** The list could not be read. `retryable` is true if it may succeed later. The message is for administrators. */
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
const MAX_BYTES = 8 * 1024 * 1024;
/** Limits a platform whose pages never end. */
const MAX_PAGES = 200;

/**
 * Calls `take` with each page's JSON, in order. Returns false if the list may be incomplete; see `eachPage`.
 * @throws RosterError
 */
export async function readPages(
  services: Services,
  list: List,
  take: (page: unknown) => void,
): Promise<boolean> {
  return eachPage(
    list.url,
    MAX_PAGES,
    async (url) => {
      const response = await ask(services, list, url);
      if (!isSuccess(response.status)) throw refused(response, list.registration);
      const page = jsonIn(response.body);
      if (page === undefined) throw new RosterError(true, 'the answer is not JSON');
      take(page);
      return response;
    },
    () => new RosterError(false, `more than ${MAX_PAGES} pages`),
  );
}

async function ask(
  services: Services,
  { registration, scope, mediaType }: List,
  url: string,
): Promise<OutboundResponse> {
  try {
    // A launch that names the service grants its scope.
    return await services.call({ registration, scopes: [scope] }, [scope], {
      url,
      maxBytes: MAX_BYTES,
      headers: { accept: mediaType },
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new RosterError(error.retryable, error.message, { cause: error });
  }
}

function refused(response: OutboundResponse, registration: Registration): RosterError {
  const { status, body } = response;
  return new RosterError(
    isLater(response, platformOf(registration)),
    `${status} ${platformMessage(body)}`.trim(),
  );
}
