import type { English } from '../english.js';
import type { places as ruPlaces, videoServers as ruVideo } from '../ru/admin-places.js';

export const places: English<typeof ruPlaces> = {
  title: 'Places',
  text: 'Rooms that teachers choose for consultations. A room cannot be taken twice at the same time.',
  none: 'No buildings yet.',
  new: 'New building',
  building: 'Name of the building',
  location: 'Address',
  room: 'Room',
  capacity: 'Seats',
  seats_one: '{{count}} seat',
  seats_other: '{{count}} seats',
  closed: 'Closed',
  closedHint: 'Closed: not offered for new consultations',
  add: 'Add',
  addRoom: 'Add a room',
  change: 'Change the building',
  remove: 'Remove the building',
};

export const videoServers: English<typeof ruVideo> = {
  title: 'Video calls',
  text: 'Servers of the centre on which meetings are made automatically. Teachers enter permanent links themselves.',
  bbbUrl: 'Address of the API',
  bbbUrlHint: 'As bbb-conf --secret shows it',
  secret: 'Secret',
  bbbSecretHint: 'As bbb-conf --secret shows it',
  secretKept: 'Stored; leave empty to keep it',
  forget: 'Remove the stored secret',
  jitsiUrl: 'Address of the server',
  jitsiUrlHint: 'For example https://meet.example.org',
  appId: 'Application id',
  appIdHint: 'If the server lets in by token only',
  jitsiSecretHint: 'If the server lets in by token only',
  check: 'Check BigBlueButton',
  works: 'The server answers, and the secret is right.',
  fails: 'It did not work: {{reason}}',
};
