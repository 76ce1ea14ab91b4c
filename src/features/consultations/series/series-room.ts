import { badInput } from '../../../shared/errors.js';
import type { Place } from '../../schedule/index.js';
import type { Terms } from './series.fields.js';
import type { Series } from './series.store.js';

export type FindRoom = (roomId: string) => Promise<Place | null>;

/**
 * A series' settings with the name of its room as the place, unless the teacher has written one.
 * @param before the series until now; a place that named the room of then follows the room
 * @throws DomainError `bad-input` on `roomId` for an unknown or closed room, on `capacity` for one that is too small
 */
export async function withRoom(
  terms: Terms,
  findRoom: FindRoom,
  before: Pick<Series, 'roomId' | 'place' | 'placeOfRoom'> | null = null,
): Promise<Terms & Pick<Series, 'placeOfRoom'>> {
  const isKept = before !== null && before.roomId === terms.roomId;
  const place = before?.placeOfRoom === true && terms.place === before.place ? '' : terms.place;
  if (terms.roomId === '') return { ...terms, place, placeOfRoom: false };
  const room = await findRoom(terms.roomId);
  // What runs in a room that was closed meanwhile goes on there.
  if (room === null || (room.closed && !isKept)) throw badInput({ roomId: 'errors.field.wrong' });
  if (room.capacity < terms.capacity) throw badInput({ capacity: 'errors.field.roomTooSmall' });
  const placeOfRoom = place === '' || place === room.title;
  return { ...terms, place: placeOfRoom ? room.title : place, placeOfRoom };
}
