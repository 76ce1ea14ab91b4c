import { fullName } from '../../../shared/names.js';
import type { TaughtProgrammes } from '../cards/card.js';

/** Programmes by title, each with those who teach in it. @param listed those of the organisation */
export function programmesView(
  cards: readonly TaughtProgrammes[],
  listed: readonly { readonly title: string }[] = [],
) {
  const teachers = new Map<string, { slug: string; fullName: string }[]>(
    listed.map(({ title }) => [title, []]),
  );
  for (const card of cards) {
    for (const title of card.programmes) {
      const people = teachers.get(title) ?? [];
      people.push({ slug: card.slug, fullName: fullName(card.name) });
      teachers.set(title, people);
    }
  }
  const collator = new Intl.Collator('ru');
  return [...teachers]
    .map(([title, people]) => ({ title, teachers: people }))
    .sort((a, b) => collator.compare(a.title, b.title));
}
