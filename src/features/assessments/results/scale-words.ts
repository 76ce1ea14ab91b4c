import { translator, type Locale } from '../../../i18n/index.js';
import { formatNumber } from '../../../web/format.js';
import { scaleText, type ScaledGrade } from './scale.js';

/** Words grades on a scale in one language. */
export function gradeWords(locale: Locale): (grade: ScaledGrade) => string {
  const t = translator(locale);
  return (grade) =>
    scaleText(
      grade,
      (key, values) => t(key, values),
      (value) => formatNumber(value, locale),
    );
}
