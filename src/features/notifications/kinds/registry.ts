import type { Events } from '../../../infra/events/index.js';
import type { NotificationKind, Notifier, Source } from './kind.js';

/** All kinds of messages, and the events that make them. */
export interface KindRegistry {
  /** Adds a kind and subscribes to its events. @throws Error for a name that is there already */
  add(kind: NotificationKind): void;
  find(name: string): NotificationKind | null;
  all(): readonly NotificationKind[];
}

/** The job of all kinds that follow from an event. */
export const jobOfEvent = (event: string): string => `notify-${event.replaceAll('.', '-')}`;

/** @param notifier asked for when an event comes: it is made of the kinds that are registered here */
export function createKindRegistry(
  events: Pick<Events, 'subscribe'>,
  notifier: () => Notifier,
): KindRegistry {
  const kinds: NotificationKind[] = [];
  const byEvent = new Map<string, { kind: NotificationKind; source: Source }[]>();

  function subscribe(kind: NotificationKind, source: Source): void {
    const known = byEvent.get(source.type.name);
    if (known !== undefined) {
      known.push({ kind, source });
      return;
    }
    const added = [{ kind, source }];
    byEvent.set(source.type.name, added);
    // One job for all kinds of an event; what has been made before a failure is not made twice.
    events.subscribe(source.type, {
      name: jobOfEvent(source.type.name),
      async run(event) {
        for (const each of added) await notifier().notify(each.kind, await each.source.find(event), event.at);
      },
    });
  }

  const find = (name: string): NotificationKind | null => kinds.find((kind) => kind.name === name) ?? null;
  return {
    add(kind) {
      if (find(kind.name) !== null) throw new Error(`there are two kinds of message named ${kind.name}`);
      kinds.push(kind);
      for (const source of kind.sources) subscribe(kind, source);
    },
    find,
    all: () => kinds,
  };
}
