import sharp from 'sharp';

const EDGE = 512;
const COLOURS = ['#1f6f78', '#7a4e9c', '#a2543f', '#3c6e3c', '#2f5d9e', '#8a6d1d'];

/** Draws the demo centre's logo: steps, for its name is «Ступени». */
export function logo(): Promise<Buffer> {
  const steps = [0, 1, 2, 3]
    .map(
      (step) =>
        `<rect x="${8 + step * 34}" y="${112 - step * 28}" width="30" height="${36 + step * 28}" rx="5"/>`,
    )
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="440" height="160">
    <g fill="#1f6f78">${steps}</g>
    <text x="160" y="146" font-family="DejaVu Sans, Arial, sans-serif" font-size="46" font-weight="bold" fill="#1f6f78">Ступени</text>
  </svg>`;
  return sharp(Buffer.from(svg)).webp({ quality: 90 }).toBuffer();
}

/** Draws a picture for a card: a figure of no person, in the colours of its number, with the initials. */
export function portrait(number: number, surname: string, givenName: string): Promise<Buffer> {
  const colour = COLOURS[number % COLOURS.length] ?? '#1f6f78';
  const initials = `${surname.slice(0, 1)}${givenName.slice(0, 1)}`;
  const shoulders = 150 + (number % 4) * 14;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${EDGE}" height="${EDGE}">
    <rect width="512" height="512" fill="${colour}"/>
    <circle cx="256" cy="190" r="${86 + (number % 3) * 6}" fill="#ffffff" fill-opacity="0.88"/>
    <ellipse cx="256" cy="470" rx="${shoulders}" ry="170" fill="#ffffff" fill-opacity="0.88"/>
    <text x="256" y="450" font-family="DejaVu Sans, Arial, sans-serif" font-size="86" text-anchor="middle" fill="${colour}">${initials}</text>
  </svg>`;
  return sharp(Buffer.from(svg)).webp({ quality: 80 }).toBuffer();
}
