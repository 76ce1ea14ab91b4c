import type { ContentItem as PlacedItem, Lti, ResponseTexts } from '../../../lti/index.js';
import type { Actor } from '../../../shared/actor.js';
import type { ContentItem, ContentKind, ContentRef } from '../../../shared/content.js';
import { badInput, DomainError, notFound } from '../../../shared/errors.js';
import type { DeepLinkRequest, DeepLinkRequestsStore } from './deep-link-requests.store.js';
import { toOpenLink, toResourceLink, type Naming } from './placing.js';

export interface DeepLinkingDeps {
  readonly requests: DeepLinkRequestsStore;
  readonly lti: Pick<Lti, 'deepLinkingResponse' | 'registrations'>;
  readonly kinds: () => readonly ContentKind[];
  /** Our origin. */
  readonly publicUrl: string;
}

/** One kind's shelf in the picker. */
export interface Shelf {
  readonly kind: ContentKind;
  readonly items: readonly ContentItem[];
}

/**
 * What the platform takes of ours (Deep Linking 2.0, 4.4.1): links that are launched; or only addresses, which
 * lead to what is open to everybody; or nothing.
 */
export type Takes = 'links' | 'addresses' | 'nothing';

export interface Choice {
  readonly request: DeepLinkRequest;
  readonly shelves: readonly Shelf[];
  /** Whether the platform takes more than one item. */
  readonly several: boolean;
  readonly takes: Takes;
}

/** What goes back: the browser posts `jwt` as `JWT` to `returnUrl`. */
export interface Answer {
  readonly returnUrl: string;
  readonly jwt: string;
}

/** What the person is told by the platform, in their language. */
export interface Words {
  /** @param drafts how many of them students cannot see yet */
  placed(count: number, drafts: number): string;
  /** Why nothing could be placed. */
  readonly impossible: string;
  /** What a button says that opens a student's work. */
  readonly review: string;
}

const takesOf = ({ settings }: DeepLinkRequest): Takes => {
  if (settings.accept_types.includes('ltiResourceLink')) return 'links';
  return settings.accept_types.includes('link') ? 'addresses' : 'nothing';
};

export interface DeepLinkingService {
  /** @throws DomainError `deep-linking-over` (404) when the request has expired or is another's */
  offer(actor: Actor, id: string): Promise<Choice>;
  /**
   * Answers with what was chosen. Every reference is looked up among what the actor was offered.
   * @param naming what a single item is called in the course, where the person has said so
   * @throws DomainError `bad-input` on `chosen`; `deep-linking-over`; `deep-linking-types` (409)
   */
  place(
    actor: Actor,
    id: string,
    chosen: readonly ContentRef[],
    naming: Naming,
    words: Words,
  ): Promise<Answer>;
  /**
   * Goes back with nothing: an empty list adds nothing (Deep Linking 2.0, 4.5.4). Where there was nothing to
   * choose from, for the platform takes nothing of ours, it is told so.
   */
  cancel(actor: Actor, id: string, words: Words): Promise<Answer>;
}

export function createDeepLinkingService({
  requests,
  lti,
  kinds,
  publicUrl,
}: DeepLinkingDeps): DeepLinkingService {
  async function find(actor: Actor, id: string): Promise<DeepLinkRequest> {
    const request = await requests.findOptional(id, actor.courseId, actor.personId);
    if (request === null) throw notFound('deep-linking-over');
    return request;
  }

  async function shelves(actor: Actor, takes: Takes): Promise<Shelf[]> {
    const offered = takes === 'links' ? kinds() : kinds().filter((kind) => kind.openPath !== undefined);
    if (takes === 'nothing') return [];
    return Promise.all(offered.map(async (kind) => ({ kind, items: await kind.list(actor) })));
  }

  async function answer(
    request: DeepLinkRequest,
    items: readonly PlacedItem[],
    words: { readonly success?: ResponseTexts; readonly failure?: ResponseTexts } = {},
  ): Promise<Answer> {
    const registration = await lti.registrations.findOptionalById(request.registrationId);
    if (registration?.state !== 'active') throw new DomainError('deep-linking-over', 404);
    const jwt = await lti.deepLinkingResponse({
      registration,
      deploymentId: request.deploymentId,
      data: request.settings.data,
      items,
      ...words,
    });
    return { returnUrl: request.settings.deep_link_return_url, jwt };
  }

  return {
    async offer(actor: Actor, id: string): Promise<Choice> {
      const request = await find(actor, id);
      const takes = takesOf(request);
      return {
        request,
        shelves: await shelves(actor, takes),
        several: request.settings.accept_multiple === true,
        takes,
      };
    },

    async place(
      actor: Actor,
      id: string,
      chosen: readonly ContentRef[],
      naming: Naming,
      words: Words,
    ): Promise<Answer> {
      const { request, takes, several, shelves: offered } = await this.offer(actor, id);
      if (takes === 'nothing') throw new DomainError('deep-linking-types', 409);
      if (chosen.length === 0) throw badInput({ chosen: 'errors.field.chooseOne' });
      if (chosen.length > 1 && !several) throw badInput({ chosen: 'errors.field.onlyOne' });
      let drafts = 0;
      const items = chosen.map((ref) => {
        const shelf = offered.find(({ kind }) => kind.kind === ref.kind);
        const found = shelf?.items.find((item) => item.id === ref.id);
        if (shelf === undefined || found === undefined) throw badInput({ chosen: 'errors.field.wrong' });
        // One name for several things would tell none from the others.
        const item = chosen.length === 1 ? named(found, naming) : found;
        if (found.draft === true) drafts += 1;
        const { kind } = shelf;
        return takes === 'links'
          ? toResourceLink(kind, item, request.settings, words.review)
          : toOpenLink(new URL(kind.openPath?.(ref.id) ?? '/', publicUrl).href, item, request.settings);
      });
      const log = `placed: ${chosen.map(({ kind, id: item }) => `${kind} ${item}`).join(', ')}`;
      return answer(request, items, { success: { message: words.placed(items.length, drafts), log } });
    },

    async cancel(actor: Actor, id: string, words: Words): Promise<Answer> {
      const request = await find(actor, id);
      if (takesOf(request) !== 'nothing') return answer(request, []);
      const log = `accept_types has neither ltiResourceLink nor link: ${request.settings.accept_types.join(', ')}`;
      return answer(request, [], { failure: { message: words.impossible, log } });
    },
  };
}

const named = (item: ContentItem, { title, text }: Naming): ContentItem => ({
  ...item,
  ...(title !== '' && { title }),
  ...(text !== '' && { description: text }),
});
