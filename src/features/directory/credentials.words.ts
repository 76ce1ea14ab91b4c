import type { Translate } from '../../i18n/index.js';
import type { Education, Training } from './cards/card.js';

const joined = (parts: readonly string[], between: string): string =>
  parts.filter((part) => part !== '').join(between);

/** "Высшее, специалитет: Математика; учитель математики" */
export const educationLine = (t: Translate, { level, speciality, qualification }: Education): string =>
  `${t(`directory.level.${level}`)}: ${joined([speciality, qualification], '; ')}`;

/** "Цифровая дидактика, ИРО, 14.03.2026" */
export const trainingLine = ({ title, place, finishedOn }: Training): string =>
  joined([title, place, finishedOn.split('-').reverse().join('.')], ', ');
