import { fullName } from '../../../shared/names.js';
import type { Card } from '../cards/card.js';

/** Programmes by title, each with those who teach in it. */
export function programmesView(cards: readonly Card[]) {
  const teachers = new Map<string, { slug: string; fullName: string }[]>();
  for (const card of cards) {
    for (const title of card.programmes) {
      const listed = teachers.get(title) ?? [];
      listed.push({ slug: card.slug, fullName: fullName(card.name) });
      teachers.set(title, listed);
    }
  }
  const collator = new Intl.Collator('ru');
  return [...teachers]
    .map(([title, people]) => ({ title, teachers: people }))
    .sort((a, b) => collator.compare(a.title, b.title));
}
