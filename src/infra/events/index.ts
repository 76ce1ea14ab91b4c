export type { BacklogFigures, ReceivedEvent } from './backlog.js';
export {
  defineEvent,
  emitted,
  emitting,
  newEvent,
  NOTHING_WAITS,
  withEvents,
  type EmittingRow,
  type Event,
  type EventType,
} from './event.js';
export { createEvents, withMark, type Events, type Subscriber } from './events.js';
