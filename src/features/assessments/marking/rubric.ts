/** Criteria with levels by which a person marks a response. Pure. */

export interface RubricLevel {
  readonly points: number;
  readonly text: string;
}

export interface Criterion {
  readonly title: string;
  /** Best first, as they were written. */
  readonly levels: readonly RubricLevel[];
}

export interface Rubric {
  /** Rises with every change. */
  readonly version: number;
  readonly criteria: readonly Criterion[];
}

/** What was chosen of a rubric when a mark was given: kept as it was worded, whatever becomes of the rubric. */
export interface RubricMark {
  readonly version: number;
  readonly chosen: readonly ChosenLevel[];
}

export interface ChosenLevel extends RubricLevel {
  readonly criterion: string;
  /** Points of the best level. */
  readonly most: number;
}

const mostOf = ({ levels }: Criterion): number => Math.max(0, ...levels.map(({ points }) => points));

/** Points of the best levels together. */
export const rubricMaximum = ({ criteria }: Pick<Rubric, 'criteria'>): number =>
  criteria.reduce((sum, criterion) => sum + mostOf(criterion), 0);

/**
 * The levels chosen, as the mark keeps them.
 * @param levels of each criterion, from 0
 * @returns null unless one level of each criterion is named
 */
export function rubricMark(rubric: Rubric, levels: readonly (number | null)[]): RubricMark | null {
  const chosen = rubric.criteria.flatMap((criterion, place) => {
    const level = criterion.levels[levels[place] ?? -1];
    return level === undefined ? [] : [{ criterion: criterion.title, most: mostOf(criterion), ...level }];
  });
  return chosen.length < rubric.criteria.length ? null : { version: rubric.version, chosen };
}

/** Points of a question that the levels make: their share of the best ones. */
export function rubricPoints({ chosen }: RubricMark, maximum: number): number {
  const most = chosen.reduce((sum, level) => sum + level.most, 0);
  const reached = chosen.reduce((sum, level) => sum + level.points, 0);
  return most === 0 ? 0 : (maximum * reached) / most;
}

/** A line of a rubric's text that cannot be read. */
export interface RubricFault {
  readonly line: number;
  readonly problem: 'noTitle' | 'noPoints' | 'oneLevel' | 'noMaximum' | 'tooMany';
}

export const MOST_CRITERIA = 20;
export const MOST_LEVELS = 10;
const LEVEL = /^(\d{1,3}(?:[.,]\d{1,2})?)(?:\s*[—–:.)-])?\s+(.+)$/u;

/**
 * Reads a rubric as people type it: a line with the criterion, then a line for each level that begins with its points;
 * an empty line between criteria.
 */
export function parseRubric(
  text: string,
): { readonly criteria: readonly Criterion[] } | { readonly fault: RubricFault } {
  const criteria: { title: string; levels: RubricLevel[]; line: number }[] = [];
  let isNew = true;
  for (const [place, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '') {
      isNew = true;
      continue;
    }
    const level = LEVEL.exec(line);
    const last = criteria.at(-1);
    if (isNew) {
      if (level !== null) return { fault: { line: place + 1, problem: 'noTitle' } };
      criteria.push({ title: line, levels: [], line: place + 1 });
      isNew = false;
    } else if (level === null || last === undefined) {
      return { fault: { line: place + 1, problem: 'noPoints' } };
    } else {
      last.levels.push({ points: Number((level[1] ?? '0').replace(',', '.')), text: level[2] ?? '' });
    }
  }
  const problem = criteria.map(problemOf).find((found) => found !== null);
  if (problem) return { fault: problem };
  if (criteria.length > MOST_CRITERIA) {
    return { fault: { line: criteria[MOST_CRITERIA]?.line ?? 1, problem: 'tooMany' } };
  }
  return { criteria: criteria.map(({ title, levels }) => ({ title, levels })) };
}

function problemOf(criterion: Criterion & { readonly line: number }): RubricFault | null {
  const { levels, line } = criterion;
  if (levels.length < 2) return { line, problem: 'oneLevel' };
  if (levels.length > MOST_LEVELS) return { line, problem: 'tooMany' };
  return mostOf(criterion) === 0 ? { line, problem: 'noMaximum' } : null;
}

/** The way back from `parseRubric`. */
export const rubricText = ({ criteria }: Pick<Rubric, 'criteria'>): string =>
  criteria
    .map(({ title, levels }) =>
      [title, ...levels.map(({ points, text }) => `${String(points).replace('.', ',')} ${text}`)].join('\n'),
    )
    .join('\n\n');
