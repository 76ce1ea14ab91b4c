import type { English } from '../english.js';
import type { settings as ru } from '../ru/admin-settings.js';

export const settings: English<typeof ru> = {
  title: 'Settings',
  text: 'They apply to everyone within a few seconds, without a restart.',
  nameRu: 'Name of the centre in Russian',
  nameEn: 'Name of the centre in English',
  nameHint: 'On the open pages of the directory and in page titles; without it they say “Nastavnik”',
  site: 'Web site of the centre',
  siteHint: 'The name on the open pages leads there',
  zone: 'Time zone of the centre',
  zoneHint: 'Times are shown in it until the reader’s own zone is known',
  locale: 'Language of the centre',
  localeHint: 'For those whose browser asks for neither Russian nor English',
  roster: 'Refresh lists of participants after, hours',
  rosterHint:
    'An older list is refreshed when someone opens the course; 0: by the button only, empty: {{hours}} (ROSTER_HOURS)',
  workDays: 'Working week',
  workDaysHow: { five: 'Monday to Friday', six: 'Monday to Saturday', seven: 'Every day' },
  workFrom: 'Working day begins',
  workTo: 'Working day ends',
  answerHours: 'Time to answer a question, working hours',
  answerHoursHint: 'If empty, 16: two working days of eight hours.',
  escalateHours: 'From the head of an association to the deputy, working hours',
  escalateHoursHint:
    'A question without an answer is passed to the head of the association, then to the deputy directors. If empty, 8.',
  unknown: 'Unknown deployments of new platforms',
  unknownHint: 'For platforms that are connected later; it can be changed for each',
  now: 'Saved now: {{value}}',
  nothing: 'nothing',
  administrators: 'Access of LMS administrators',
  closed: 'Closed: the admin console opens only with a password.',
  open: 'Open to administrators of some platforms.',
  byAccount: 'Only an administrator who signed in with a password can change this.',
  administratorsText:
    'An administrator of a ticked platform (of the whole platform, not of a course) may enter from any of its courses without a Nastavnik password. They have access to everything except administrators’ accounts and this setting. Tick a platform only if you trust all its administrators and those who run its server.',
  platforms: 'Platforms whose administrators may enter',
  noPlatforms: 'There are no platforms yet.',
  out: 'When a platform is unticked, sessions of its administrators end at once.',
  handover: 'The admin console opens in a new window. The button works once, within two minutes.',
  enter: 'Open the admin console',
  guest: 'from an LMS',
};
