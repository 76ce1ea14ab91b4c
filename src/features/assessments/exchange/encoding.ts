/** A text file as text: UTF-8, UTF-16 with or without its mark, else windows-1251, which old Russian Excel writes. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return decoded('utf-16le', bytes);
  if (first === 0xfe && second === 0xff) return decoded('utf-16be', bytes);
  if (first === 0xef && second === 0xbb && third === 0xbf) return decoded('utf-8', bytes);
  const zeros = countZeros(bytes.subarray(0, 512));
  if (zeros.even > zeros.odd) return decoded('utf-16be', bytes);
  if (zeros.odd > zeros.even) return decoded('utf-16le', bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decoded('windows-1251', bytes);
  }
}

const decoded = (encoding: string, bytes: Uint8Array): string =>
  new TextDecoder(encoding).decode(bytes).replace(/^\uFEFF/u, '');

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
