/** Classical test theory over finished attempts. Pure arithmetic; variances are of the sample (n − 1). */

export interface ScoredAttempt {
  /** Share of the points, 0 to 1, by question; null where the question was not asked or waits for a mark. */
  readonly fractions: Pick<ReadonlyMap<string, number | null>, 'get'>;
  readonly score: number;
  readonly maximum: number;
}

export interface QuestionFigures {
  readonly key: string;
  /** Responses that were marked. */
  readonly count: number;
  /** Facility index: mean share of the points, per cent. */
  readonly facility: number | null;
  /** Standard deviation of the share, per cent. */
  readonly deviation: number | null;
  /**
   * Discrimination index: correlation of the question's points with those of the rest of the test, per cent; null where
   * one of the two does not vary.
   */
  readonly discrimination: number | null;
}

export interface TestFigures {
  readonly count: number;
  /** Per cent of the maximum. */
  readonly mean: number | null;
  readonly median: number | null;
  readonly deviation: number | null;
  /** Cronbach's alpha, per cent; null with fewer than two questions or attempts, or where nothing varies. */
  readonly alpha: number | null;
  /** Standard error of a score, per cent: deviation · √(1 − α). */
  readonly error: number | null;
  readonly questions: readonly QuestionFigures[];
  /** Ten equal bins of the share of points, the last with 100 %. */
  readonly histogram: readonly number[];
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;

/** Of the sample; null for fewer than two values. */
export function covariance(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  if (meanA === null || meanB === null || a.length < 2) return null;
  const total = a.reduce((sum, value, index) => sum + (value - meanA) * ((b[index] ?? 0) - meanB), 0);
  return total / (a.length - 1);
}

const variance = (values: readonly number[]): number | null => covariance(values, values);

const deviationOf = (values: readonly number[]): number | null => {
  const found = variance(values);
  return found === null ? null : Math.sqrt(found);
};

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

const percent = (value: number | null): number | null => (value === null ? null : 100 * value);

const NOTHING = 1e-12;

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [both, ofA, ofB] = [covariance(a, b), variance(a), variance(b)];
  if (both === null || ofA === null || ofB === null || ofA < NOTHING || ofB < NOTHING) return null;
  return both / Math.sqrt(ofA * ofB);
}

/**
 * The shares of each question, one for each attempt. Read attempt by attempt: thousands of them are more than a
 * processor keeps near, and what is read in another order is fetched again and again.
 */
export function columnsOf(
  attempts: readonly Pick<ScoredAttempt, 'fractions'>[],
  keys: readonly string[],
): (number | null)[][] {
  const columns = keys.map((): (number | null)[] => []);
  for (const { fractions } of attempts) {
    keys.forEach((key, place) => columns[place]?.push(fractions.get(key) ?? null));
  }
  return columns;
}

/**
 * Figures of a test.
 * @param questions keys in the order of the test, with the points of each
 */
export function figuresOf(
  attempts: readonly ScoredAttempt[],
  questions: readonly { readonly key: string; readonly mark: number }[],
): TestFigures {
  const shares = attempts.map(({ score, maximum }) => (maximum === 0 ? 0 : score / maximum));
  const points = columnsOf(
    attempts,
    questions.map(({ key }) => key),
  ).map((column, place) =>
    column.map((fraction) => (fraction === null ? null : fraction * (questions[place]?.mark ?? 0))),
  );
  const totals = attempts.map(() => 0);
  for (const column of points) {
    column.forEach((value, row) => {
      if (value !== null) totals[row] = (totals[row] ?? 0) + value;
    });
  }
  const figures = questions.map(({ key, mark }, place): QuestionFigures => {
    const own: number[] = [];
    const rest: number[] = [];
    points[place]?.forEach((value, row) => {
      if (value === null) return;
      own.push(value);
      rest.push((totals[row] ?? 0) - value);
    });
    const scaled = own.map((value) => (mark === 0 ? 0 : value / mark));
    return {
      key,
      count: own.length,
      facility: percent(mean(scaled)),
      deviation: percent(deviationOf(scaled)),
      discrimination: percent(correlation(own, rest)),
    };
  });
  const alpha = alphaOf(points, totals);
  const deviation = deviationOf(shares);
  return {
    count: attempts.length,
    mean: percent(mean(shares)),
    median: percent(median(shares)),
    deviation: percent(deviation),
    alpha: percent(alpha),
    error: alpha === null || deviation === null ? null : 100 * deviation * Math.sqrt(Math.max(0, 1 - alpha)),
    questions: figures,
    histogram: histogramOf(shares),
  };
}

/** Only questions that all attempts were given and that are marked: random draws make no common scale. */
function alphaOf(points: readonly (readonly (number | null)[])[], totals: readonly number[]): number | null {
  const whole = points.filter((column) => !column.includes(null)) as number[][];
  const count = whole.length;
  if (count < 2) return null;
  const common =
    count === points.length
      ? totals
      : totals.map((_, row) => whole.reduce((sum, column) => sum + (column[row] ?? 0), 0));
  const all = variance(common);
  if (all === null || all < NOTHING) return null;
  const parts = whole.reduce((sum, column) => sum + (variance(column) ?? 0), 0);
  return (count / (count - 1)) * (1 - parts / all);
}

export function histogramOf(shares: readonly number[]): number[] {
  const bins = Array.from({ length: 10 }, () => 0);
  for (const share of shares) {
    const bin = Math.min(9, Math.max(0, Math.floor(share * 10 + 1e-9)));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
