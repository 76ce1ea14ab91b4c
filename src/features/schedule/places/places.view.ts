import { viewModel } from '../../../web/views.js';
import type { Building } from './places.store.js';

interface PlacesGiven {
  readonly buildings: readonly Building[];
  readonly of: string;
  readonly values: Readonly<Record<string, string | string[]>>;
  readonly errors: Readonly<Record<string, string>>;
}

const NOTHING = {};

/** Each form of the page with what it shows: what is stored, or what was sent to it. */
viewModel<PlacesGiven>('places/places', ({ buildings, of, values, errors }) => {
  const form = (name: string, stored: Readonly<Record<string, unknown>>) => ({
    open: of === name,
    key: `${name}-`,
    values: of === name ? { ...stored, ...values } : stored,
    errors: of === name ? errors : NOTHING,
  });
  return {
    fresh: form('new', { title: '', location: '' }),
    shown: buildings.map((building) => ({
      ...building,
      form: form(building.id, { title: building.title, location: building.location }),
      fresh: form(`rooms-${building.id}`, { title: '', capacity: '' }),
      rooms: building.rooms.map((room) => ({
        ...room,
        form: form(room.id, { title: room.title, capacity: room.capacity, closed: room.closed ? 'on' : '' }),
      })),
    })),
  };
});
