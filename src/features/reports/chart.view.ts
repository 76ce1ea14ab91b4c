/** Bars beside each other for each label. */
export interface ChartSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

const WIDTH = 720;
const LEFT = 36;
const TOP = 14;
const PLOT = 180;
const LABELS = 46;
const TICKS = 4;
const WIDEST_BAR = 34;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** Rounds up to 1, 2 or 5 times a power of ten, so that ticks are round numbers. */
function niceStep(most: number): number {
  const raw = Math.max(most, 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw) ?? 10;
  return Math.max(1, factor * power);
}

const shortened = (label: string, room: number): string => {
  const most = Math.max(3, Math.floor(room / 7.8));
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
};

/**
 * Returns a bar chart as SVG with attributes and classes only, which the CSP allows. It has a name; the figures stand
 * in a table beside it.
 */
export function barChart(title: string, labels: readonly string[], series: readonly ChartSeries[]): string {
  const most = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const step = niceStep(most);
  const top = Math.max(step, Math.ceil(most / step) * step);
  const y = (value: number): number => TOP + PLOT - (value / top) * PLOT;
  const room = (WIDTH - LEFT) / Math.max(labels.length, 1);
  const bar = Math.min(WIDEST_BAR, (room * 0.8) / Math.max(series.length, 1));
  const parts: string[] = [];
  for (let tick = 0; tick <= top; tick += step) {
    const at = y(tick).toFixed(1);
    parts.push(
      `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${at}" y2="${at}"/>`,
      `<text class="tick" x="${LEFT - 6}" y="${at}" text-anchor="end" dominant-baseline="middle">${tick}</text>`,
    );
  }
  for (const [index, label] of labels.entries()) {
    const middle = LEFT + room * (index + 0.5);
    for (const [order, { name, values }] of series.entries()) {
      const value = values[index] ?? 0;
      const x = middle - (bar * series.length) / 2 + bar * order;
      const height = TOP + PLOT - y(value);
      parts.push(
        `<rect class="series-${order + 1}" x="${x.toFixed(1)}" y="${y(value).toFixed(1)}" width="${(bar - 2).toFixed(1)}" height="${height.toFixed(1)}"><title>${escaped(`${label}, ${name}: ${value}`)}</title></rect>`,
      );
    }
    parts.push(
      `<text class="label" x="${middle.toFixed(1)}" y="${TOP + PLOT + 16}" text-anchor="middle">${escaped(shortened(label, room))}</text>`,
    );
  }
  let x = LEFT;
  for (const [order, { name }] of series.entries()) {
    const at = TOP + PLOT + 30;
    parts.push(
      `<rect class="series-${order + 1}" x="${x}" y="${at}" width="11" height="11"/>`,
      `<text class="label" x="${x + 16}" y="${at + 9}">${escaped(name)}</text>`,
    );
    x += 30 + name.length * 8;
  }
  const height = TOP + PLOT + LABELS;
  return `<svg class="chart" role="img" aria-label="${escaped(title)}" viewBox="0 0 ${WIDTH} ${height}" xmlns="http://www.w3.org/2000/svg">${parts.join('')}</svg>`;
}
