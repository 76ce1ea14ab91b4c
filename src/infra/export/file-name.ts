import { dateIn } from '../../shared/days.js';

const LONGEST_NAME = 80;

/** A title as a part of a file's name: without what Windows refuses in names. */
const cleaned = (title: string): string =>
  title
    .normalize('NFC')
    .replace(/[\\/:*?"<>|\p{C}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
    // A name cut inside a surrogate pair is no text.
    .replace(/[\uD800-\uDBFF]$/, '')
    .replace(/[. ]+$/, '');

/** "Результаты 2026-11-26.csv": a title, the day on the reader's clock, and what the file is. */
export function fileName(title: string, now: Date, zone: string, extension: string): string {
  const day = dateIn(zone, now);
  return `${[cleaned(title), day].filter((part) => part !== '').join(' ')}.${extension}`;
}
