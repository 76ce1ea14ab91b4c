import type { English } from '../english.js';
import type { settings as ru } from '../ru/admin-settings.js';

export const settings: English<typeof ru> = {
  title: 'Settings',
  text: 'They hold for everybody within a few seconds, without a restart.',
  nameRu: 'Name of the centre in Russian',
  nameEn: 'Name of the centre in English',
  nameHint: 'On the open pages of the directory and in page titles; without it they say “Nastavnik”',
  site: 'Web site of the centre',
  siteHint: 'The name on the open pages leads there',
  zone: 'Time zone of the centre',
  zoneHint: 'Times are shown in it until the zone of whoever looks is known',
  locale: 'Language of the centre',
  localeHint: 'For those whose browser asks for neither Russian nor English',
  roster: 'Read lists of participants again when they are older than, hours',
  rosterHint: 'When somebody opens the course; 0: by the button only, empty: {{hours}} (ROSTER_HOURS)',
  unknown: 'Unknown deployments of new platforms',
  unknownHint: 'For platforms that are connected later; it can be changed for each',
  now: 'Saved now: {{value}}',
  nothing: 'nothing',
  administrators: 'Administrators of LMSs',
  closed: 'Not let in: this room opens to a password only.',
  open: 'Let in from some platforms.',
  byAccount: 'Only somebody who came in by a password can change this.',
  administratorsText:
    'An administrator of a ticked platform (of the whole platform, not of a course) may come here from any of its courses without a password of ours. Everything is open to them but the accounts of administrators and this setting. Tick a platform only if you trust all its administrators and whoever runs its server.',
  platforms: 'Platforms whose administrators may come in',
  noPlatforms: 'There are no platforms yet.',
  out: 'Whoever came from a platform is out as soon as its tick is taken away.',
  handover: 'The room opens in a new window. The button works once, within two minutes.',
  enter: 'Open the room',
  guest: 'from an LMS',
};
