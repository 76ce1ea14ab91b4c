import type { Translate } from '../../../i18n/index.js';
import type { JobsPage } from './jobs.service.js';

/** An address that another side has quoted is no matter of the administrator's. */
const withoutAddresses = (message: string): string =>
  message.replace(/[^\s<>"'(),;]+@[^\s<>"'(),;]+/g, '•••@•••');

/** A job of another version of the program has no text, and is called by its name. */
function labelOf(name: string, t: Translate): string {
  const key = `admin.jobs.of.${name}`;
  const text = t(key);
  return text === key ? name : text;
}

export const jobsView = ({ figures, lanesDown, backlogs, failed }: JobsPage, t: Translate) => ({
  figures: figures.map((figure) => ({
    ...figure,
    label: labelOf(figure.name, t),
    idle: figure.waiting + figure.running + figure.failed === 0,
  })),
  lanesDown,
  backlogs,
  failed: failed.map(({ error, ...job }) => ({
    ...job,
    label: labelOf(job.name, t),
    error: withoutAddresses(error),
    // The score's own page has the words of the LMS, without names.
    score: job.name === 'send-score' ? job.key : null,
  })),
});
