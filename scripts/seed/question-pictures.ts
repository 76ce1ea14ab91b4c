import sharp from 'sharp';

/* Pictures of the demo's questions. */

const INK = '#1d3b53';
const png = (width: number, height: number, inner: string): Promise<Buffer> =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="#fff"/>${inner}</svg>`,
    ),
  )
    .png()
    .toBuffer();

const label = (x: number, y: number, text: string): string =>
  `<text x="${x}" y="${y}" font-family="DejaVu Sans, Arial, sans-serif" font-size="18" fill="${INK}">${text}</text>`;

/** Axes with a graph, `left` being where the picture of it begins. */
const graph = (left: number, path: string): string =>
  `<g transform="translate(${left} 0)"><path d="M20 130 H180 M100 210 V20" stroke="${INK}" stroke-width="1.5"/><path d="${path}" fill="none" stroke="#b3261e" stroke-width="3"/>${label(186, 136, 'x')}${label(106, 24, 'y')}</g>`;

/** Three graphs side by side: a line, a parabola, a hyperbola. */
export const graphs = (): Promise<Buffer> =>
  png(
    640,
    230,
    graph(0, 'M40 200 L160 60') +
      graph(215, 'M45 30 Q100 230 155 30') +
      graph(430, 'M108 35 Q112 118 175 122 M25 138 Q88 142 92 205'),
  );

/** A right triangle; its right angle is at the bottom left. */
export const triangle = (): Promise<Buffer> =>
  png(
    520,
    340,
    `<path d="M110 270 L110 70 L410 270 Z" fill="#e8f0f6" stroke="${INK}" stroke-width="3"/><path d="M110 250 H130 V270" fill="none" stroke="${INK}" stroke-width="2"/>`,
  );

/** A line on squared paper that goes through (0; 1) and (2; 5). */
export const line = (): Promise<Buffer> => {
  const squares = Array.from({ length: 11 }, (_, index) => 20 + index * 24)
    .map((at) => `<path d="M${at} 20 V260 M20 ${at} H260" stroke="#cdd8e0" stroke-width="1"/>`)
    .join('');
  return png(
    280,
    280,
    `${squares}<path d="M20 212 H260 M92 260 V20" stroke="${INK}" stroke-width="2"/><path d="M56 260 L176 20" stroke="#b3261e" stroke-width="3"/>${label(244, 232, 'x')}${label(100, 32, 'y')}${label(78, 230, '0')}${label(112, 230, '1')}`,
  );
};
