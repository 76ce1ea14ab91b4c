import type { Lti, ResourceLinkItem } from '../../lti/index.js';
import type { Actor } from '../../shared/actor.js';
import type { ContentItem, ContentKind, ContentRef } from '../../shared/content.js';
import { badInput, DomainError, notFound } from '../../shared/errors.js';
import type { DeepLinkRequest, DeepLinkRequestsStore } from './deep-link-requests.store.js';

export interface DeepLinkingDeps {
  readonly requests: DeepLinkRequestsStore;
  readonly lti: Pick<Lti, 'deepLinkingResponse' | 'registrations'>;
  readonly kinds: () => readonly ContentKind[];
}

/** One kind's shelf in the picker. */
export interface Shelf {
  readonly kind: ContentKind;
  readonly items: readonly ContentItem[];
}

export interface Choice {
  readonly request: DeepLinkRequest;
  readonly shelves: readonly Shelf[];
  /** Whether the platform takes more than one item (Deep Linking 2.0, 4.4.1.6). */
  readonly several: boolean;
  /** Whether it takes resource links at all. */
  readonly possible: boolean;
}

/** What goes back: the browser posts `jwt` as `JWT` to `returnUrl`. */
export interface Answer {
  readonly returnUrl: string;
  readonly jwt: string;
}

const RESOURCE_LINK = 'ltiResourceLink';

export function createDeepLinkingService({ requests, lti, kinds }: DeepLinkingDeps) {
  async function find(actor: Actor, id: string): Promise<DeepLinkRequest> {
    const request = await requests.findOptional(id, actor.courseId, actor.personId);
    if (request === null) throw notFound('deep-linking-over');
    return request;
  }

  async function shelves(actor: Actor): Promise<Shelf[]> {
    return Promise.all(kinds().map(async (kind) => ({ kind, items: await kind.list(actor) })));
  }

  async function answer(
    request: DeepLinkRequest,
    items: readonly ResourceLinkItem[],
    message?: string,
  ): Promise<Answer> {
    const registration = await lti.registrations.findOptionalById(request.registrationId);
    if (registration?.state !== 'active') throw new DomainError('deep-linking-over', 404);
    const jwt = await lti.deepLinkingResponse({
      registration,
      deploymentId: request.deploymentId,
      data: request.settings.data,
      items,
      ...(message !== undefined && { message }),
    });
    return { returnUrl: request.settings.deep_link_return_url, jwt };
  }

  return {
    /** @throws DomainError `deep-linking-over` (404) when the request has expired or is another's */
    async offer(actor: Actor, id: string): Promise<Choice> {
      const request = await find(actor, id);
      return {
        request,
        shelves: await shelves(actor),
        several: request.settings.accept_multiple === true,
        possible: request.settings.accept_types.includes(RESOURCE_LINK),
      };
    },

    /**
     * Answers with what was chosen. Every reference is looked up among what the actor was offered.
     * @param message what the platform may show to the person, given how many were placed
     * @throws DomainError `bad-input` on `chosen`; `deep-linking-over`
     */
    async place(
      actor: Actor,
      id: string,
      chosen: readonly ContentRef[],
      message: (count: number) => string,
    ): Promise<Answer> {
      const choice = await this.offer(actor, id);
      if (!choice.possible) throw new DomainError('deep-linking-types', 409);
      if (chosen.length === 0) throw badInput({ chosen: 'errors.field.chooseOne' });
      if (chosen.length > 1 && !choice.several) throw badInput({ chosen: 'errors.field.onlyOne' });
      const items = chosen.map((ref) => {
        const item = choice.shelves
          .find(({ kind }) => kind.kind === ref.kind)
          ?.items.find((one) => one.id === ref.id);
        if (item === undefined) throw badInput({ chosen: 'errors.field.wrong' });
        return toResourceLink(ref, item, choice.request.settings);
      });
      return answer(choice.request, items, message(items.length));
    },

    /** Goes back with nothing: an empty list adds nothing (Deep Linking 2.0, 4.5.4). */
    async cancel(actor: Actor, id: string): Promise<Answer> {
      return answer(await find(actor, id), []);
    },
  };
}

export type DeepLinkingService = ReturnType<typeof createDeepLinkingService>;

function toResourceLink(
  ref: ContentRef,
  item: ContentItem,
  settings: DeepLinkRequest['settings'],
): ResourceLinkItem {
  const withLineItem = settings.accept_lineitem !== false;
  const targets = settings.accept_presentation_document_targets;
  const framed = targets.length === 0 || targets.includes('iframe') || targets.includes('frame');
  const startDateTime = item.opensAt?.toISOString();
  const endDateTime = item.closesAt?.toISOString();
  return {
    title: item.title,
    ...(item.description !== undefined && { text: item.description }),
    custom: { nastavnik_kind: ref.kind, nastavnik_id: ref.id },
    ...(startDateTime !== undefined && { available: { startDateTime } }),
    ...((startDateTime ?? endDateTime) !== undefined && {
      submission: {
        ...(startDateTime !== undefined && { startDateTime }),
        ...(endDateTime !== undefined && { endDateTime }),
      },
    }),
    ...(!framed && targets.includes('window') && { window: { targetName: 'nastavnik' } }),
    ...(withLineItem &&
      item.scoreMaximum !== undefined &&
      item.scoreMaximum > 0 && {
        lineItem: {
          scoreMaximum: item.scoreMaximum,
          label: item.title,
          resourceId: `${ref.kind}-${ref.id}`,
          tag: ref.kind,
        },
      }),
  };
}
