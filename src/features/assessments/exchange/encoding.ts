import { decodeText as decodeMarked } from '../../../shared/decode-text.js';

/** A text file as text. Files of questions also come in UTF-16 without its mark. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const zeros = countZeros(bytes.subarray(0, 512));
  if (marked || zeros.even === zeros.odd) return decodeMarked(bytes).text;
  return new TextDecoder(zeros.even > zeros.odd ? 'utf-16be' : 'utf-16le').decode(bytes);
}

/** Zero bytes at even and odd places: Latin text in UTF-16 has one in every second byte. */
function countZeros(bytes: Uint8Array): { even: number; odd: number } {
  let [even, odd] = [0, 0];
  bytes.forEach((byte, at) => {
    if (byte !== 0) return;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  });
  return { even, odd };
}
