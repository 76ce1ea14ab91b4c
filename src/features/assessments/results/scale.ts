import type { Test } from '../tests/tests.store.js';

type Scaled = Pick<Test, 'scale' | 'thresholds' | 'passPercent'>;

/** A grade on the test's scale. */
export type ScaledGrade =
  | { readonly kind: 'points' }
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'five'; readonly value: 2 | 3 | 4 | 5 }
  | { readonly kind: 'pass'; readonly passed: boolean };

/** A share like 0.7 is not less than 70 %, whatever binary fractions say. */
const NEARLY = 1e-9;

const percentOf = (scoreGiven: number, scoreMaximum: number): number =>
  scoreMaximum === 0 ? 0 : (100 * scoreGiven) / scoreMaximum;

export function scaled(test: Scaled, scoreGiven: number, scoreMaximum: number): ScaledGrade {
  const percent = percentOf(scoreGiven, scoreMaximum);
  switch (test.scale) {
    case 'points':
      return { kind: 'points' };
    case 'percent':
      return { kind: 'percent', percent };
    case 'five': {
      const reached = test.thresholds.filter((threshold) => percent + NEARLY >= threshold).length;
      return { kind: 'five', value: reached >= 3 ? 5 : reached === 2 ? 4 : reached === 1 ? 3 : 2 };
    }
    case 'pass':
      return { kind: 'pass', passed: percent + NEARLY >= passMark(test) };
  }
}

/** Per cent; a scale of pass and fail without a pass mark of its own passes from where the grade 3 begins. */
const passMark = ({ scale, passPercent, thresholds }: Scaled): number =>
  passPercent > 0 ? passPercent : scale === 'pass' ? (thresholds[0] ?? 50) : 0;

/** Whether the pass mark was reached; null where the test has none. */
export function passed(test: Scaled, scoreGiven: number, scoreMaximum: number): boolean | null {
  const mark = passMark(test);
  return mark === 0 ? null : percentOf(scoreGiven, scoreMaximum) + NEARLY >= mark;
}

/** The grade in words, for pages and the gradebook's comment; '' where the points say it all. */
export function scaleText(
  grade: ScaledGrade,
  t: (key: string, values?: Record<string, unknown>) => string,
  number: (value: number) => string,
): string {
  switch (grade.kind) {
    case 'points':
      return '';
    case 'percent':
      return t('assessments.scale.percentIs', { percent: number(grade.percent) });
    case 'five':
      return t(`assessments.scale.five.${grade.value}`);
    case 'pass':
      return t(grade.passed ? 'assessments.scale.passed' : 'assessments.scale.failed');
  }
}
