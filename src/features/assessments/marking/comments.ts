/** Comments that a marker may want to give again. Pure. */

const MOST = 12;
const LONGEST = 300;

/** The most frequent first, of equal ones the newest; long ones are not meant for others. */
export function commentsOf(said: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of said)
    if (text !== '' && text.length <= LONGEST) counts.set(text, (counts.get(text) ?? 0) + 1);
  const places = new Map([...counts.keys()].map((text, place) => [text, place]));
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (places.get(b) ?? 0) - (places.get(a) ?? 0))
    .slice(0, MOST)
    .map(([text]) => text);
}
