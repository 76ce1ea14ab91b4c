export type { BacklogFigures, ReceivedEvent } from './backlog.js';
export {
  defineEvent,
  emitted,
  emitting,
  newEvent,
  NOTHING_WAITS,
  withEvents,
  withMark,
  type EmittingRow,
  type Event,
  type EventType,
} from './event.js';
export { createEvents, type AnyModel, type Events, type Subscriber } from './events.js';
