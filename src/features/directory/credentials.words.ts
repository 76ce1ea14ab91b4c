import type { Translate } from '../../i18n/index.js';
import type { Education, PostTerm, Training } from './cards/card.js';

const joined = (parts: readonly string[], between: string): string =>
  parts.filter((part) => part !== '').join(between);

/** "Высшее, специалитет: Математика; учитель математики" */
export const educationLine = (t: Translate, { level, speciality, qualification }: Education): string =>
  `${t(`directory.level.${level}`)}: ${joined([speciality, qualification], '; ')}`;

/** "14.03.2026" */
export const dotted = (day: string): string => day.split('-').reverse().join('.');

/** "с 01.09.2026 по 31.08.2027"; '' where no day is known. */
export const termLine = (t: Translate, term: Pick<PostTerm, 'since' | 'until'> | undefined): string =>
  term === undefined
    ? ''
    : joined(
        [
          term.since && t('directory.term.since', { day: dotted(term.since) }),
          term.until && t('directory.term.until', { day: dotted(term.until) }),
        ],
        ' ',
      );

/** "Цифровая дидактика, ИРО, 14.03.2026" */
export const trainingLine = ({ title, place, finishedOn }: Training): string =>
  joined([title, place, dotted(finishedOn)], ', ');
