import { createHmac } from 'node:crypto';
import type { Clock } from '../../../shared/clock.js';
import { conflict, DomainError, notFound } from '../../../shared/errors.js';
import { digest } from '../../../shared/ids.js';
import type { ActionsStore, OfferedActionRow } from './actions.store.js';

/** What a button is about. */
export interface ActionAbout {
  readonly title: string;
  readonly when: Date;
}

/** What a button does. Throws a DomainError where it cannot be done any more. */
export interface ActionHandler {
  readonly name: string;
  /** @param text what the person wrote in the messenger after pressing; '' for an action that asks for none */
  run(action: OfferedActionRow, text: string): Promise<void>;
  /** Says what the button is about, for the page that asks once more; null where that is gone. */
  about?(action: OfferedActionRow): Promise<ActionAbout | null>;
  /** Whether it needs a text: then it can be done in a messenger only, where the person's next message is the text. */
  readonly asksText?: true;
}

/** Buttons of messages: each token is signed, bound to one person, and does its work once. */
export interface ActionsService {
  define(handler: ActionHandler): void;
  /** Returns the token of a button; the same action has the same token. */
  offer(action: OfferedActionRow): Promise<string>;
  /** Returns what a token would do. Uses nothing up. @throws DomainError `not-found` */
  look(
    token: string,
  ): Promise<OfferedActionRow & { readonly used: boolean; readonly about: ActionAbout | null }>;
  /**
   * Does what the button says; nothing if it asks for a text and none is given.
   * @param personIds of those who pressed it; null where only the token is known
   * @throws DomainError `not-found`, `action-used` (409), or why it cannot be done
   */
  run(
    token: string,
    personIds: readonly string[] | null,
    text?: string,
  ): Promise<OfferedActionRow & { readonly asksText: boolean }>;
}

export interface ActionsDeps {
  readonly actions: ActionsStore;
  readonly clock: Clock;
  /** Signs tokens. */
  readonly key: Buffer;
}

export function createActions({ actions, clock, key }: ActionsDeps): ActionsService {
  const handlers = new Map<string, ActionHandler>();
  // 32 characters: a button of Telegram carries 64 bytes.
  const tokenOf = ({ name, subjectId, personId, courseId }: OfferedActionRow): string =>
    createHmac('sha256', key)
      .update([name, subjectId, personId, courseId].join('\n'))
      .digest('base64url')
      .slice(0, 32);

  async function find(token: string) {
    const found = await actions.find(digest(token));
    if (found === null) throw notFound();
    return found;
  }

  return {
    define: (handler) => void handlers.set(handler.name, handler),

    async offer(action) {
      const token = tokenOf(action);
      await actions.offer(digest(token), action, clock.now());
      return token;
    },

    async look(token) {
      const found = await find(token);
      return { ...found, about: (await handlers.get(found.name)?.about?.(found)) ?? null };
    },

    async run(token, personIds, text) {
      const found = await find(token);
      const handler = handlers.get(found.name);
      if (handler === undefined || (personIds !== null && !personIds.includes(found.personId)))
        throw notFound();
      if (handler.asksText === true) {
        if (personIds === null) throw notFound();
        if (found.used) throw conflict('action-used');
        if (text === undefined) return { ...found, asksText: true };
      }
      const action = await actions.use(digest(token), clock.now());
      if (action === null) throw conflict('action-used');
      try {
        await handler.run(action, text ?? '');
      } catch (error) {
        // What the person cannot do now, they may be able to do later.
        if (!(error instanceof DomainError) || error.status >= 500) await actions.release(digest(token));
        throw error;
      }
      return { ...action, asksText: false };
    },
  };
}
