import { access } from './en/access.js';
import { admin } from './en/admin.js';
import { assessments } from './en/assessments.js';
import { calendar } from './en/calendar.js';
import { common } from './en/common.js';
import { video } from './en/video.js';
import { consultations } from './en/consultations.js';
import { directory } from './en/directory.js';
import { errors } from './en/errors.js';
import { exchange } from './en/exchange.js';
import { exports } from './en/exports.js';
import { grades } from './en/grades.js';
import { home } from './en/home.js';
import { launch } from './en/launch.js';
import { lists } from './en/lists.js';
import { reports } from './en/reports.js';
import { roster } from './en/roster.js';
import { mail } from './en/mail.js';
import { notifications } from './en/notifications.js';
import { questions } from './en/questions.js';
import { registration } from './en/registration.js';
import { schedule } from './en/schedule.js';
import { timetable } from './en/timetable.js';
import { viewing } from './en/viewing.js';
import type { English } from './english.js';
import type { ru } from './ru.js';

export const en: English<typeof ru> = {
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
};
