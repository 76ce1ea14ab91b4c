/** Bars as SVG without styles: colours and fonts come from the style sheet. */

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What a reader hovers over. */
  readonly title: string;
}

export interface DrawnBar extends Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly middle: number;
  /** Where the value is written. */
  readonly valueY: number;
}

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly base: number;
  /** Where the labels are written. */
  readonly labelY: number;
  readonly bars: readonly DrawnBar[];
}

const [LABELS, TOP] = [24, 20];
const WIDE = { width: 640, height: 200 };
/** One of many beside each other: its letters stay readable on a telephone. */
export const SMALL = { width: 300, height: 120 };

/** Upright bars side by side. @param most value of the full height; the greatest of the bars unless given */
export function barChart(
  bars: readonly Bar[],
  most?: number,
  { width, height: full }: Pick<Chart, 'width' | 'height'> = WIDE,
): Chart {
  const top = most ?? Math.max(1, ...bars.map(({ value }) => value));
  const step = width / Math.max(1, bars.length);
  const base = full - LABELS;
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    width,
    height: full,
    base,
    labelY: full - 6,
    bars: bars.map((bar, place) => {
      const height = ((base - TOP) * Math.min(top, Math.max(0, bar.value))) / top;
      return {
        ...bar,
        x: round(place * step + step * 0.1),
        y: round(base - height),
        width: round(step * 0.8),
        height: round(height),
        middle: round((place + 0.5) * step),
        valueY: round(base - height - 4),
      };
    }),
  };
}
