import { access } from './ru/access.js';
import { admin } from './ru/admin.js';
import { assessments } from './ru/assessments.js';
import { calendar } from './ru/calendar.js';
import { common } from './ru/common.js';
import { video } from './ru/video.js';
import { consultations } from './ru/consultations.js';
import { directory } from './ru/directory.js';
import { errors } from './ru/errors.js';
import { exchange } from './ru/exchange.js';
import { exports } from './ru/exports.js';
import { grades } from './ru/grades.js';
import { home } from './ru/home.js';
import { launch } from './ru/launch.js';
import { lists } from './ru/lists.js';
import { reports } from './ru/reports.js';
import { roster } from './ru/roster.js';
import { mail } from './ru/mail.js';
import { notifications } from './ru/notifications.js';
import { questions } from './ru/questions.js';
import { registration } from './ru/registration.js';
import { schedule } from './ru/schedule.js';
import { timetable } from './ru/timetable.js';
import { viewing } from './ru/viewing.js';

/** The Russian texts, by room. `en` is typed by this: a key added here and missing there does not compile. */
export const ru = {
  access,
  admin,
  assessments,
  calendar,
  common,
  video,
  consultations,
  directory,
  errors,
  exchange,
  exports,
  grades,
  home,
  launch,
  lists,
  mail,
  notifications,
  questions,
  registration,
  schedule,
  reports,
  timetable,
  viewing,
  roster,
} as const;
