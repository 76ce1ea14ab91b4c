import { LOCALES, translator } from '../../../i18n/index.js';
import type { Clock } from '../../../shared/clock.js';
import { dateIn } from '../../../shared/days.js';
import { POSTS, type Post } from '../cards/card.js';
import { folded } from '../cards/search-words.js';
import type { Organisation } from '../organisation/organisation.service.js';

/** What lines are read by, beside the table. */
export interface RowContext {
  /** Posts by their titles, folded. */
  readonly posts: ReadonlyMap<string, Post>;
  /** Today at the centre, `YYYY-MM-DD`. */
  readonly today: string;
}

export interface RowContextDeps {
  readonly organisation: Pick<Organisation, 'titles'>;
  readonly clock: Clock;
  /** IANA name of the centre's zone. */
  readonly zone: () => Promise<string>;
}

/** Returns what says the posts' titles, in each language and in the centre's own words, and the day. */
export function createRowContext({ organisation, clock, zone }: RowContextDeps): () => Promise<RowContext> {
  const usual = LOCALES.map(translator).flatMap((t) =>
    POSTS.map((post): [string, Post] => [folded(t(`directory.post.${post}`)), post]),
  );
  return async () => {
    const titles = await organisation.titles();
    const own = POSTS.map((post): [string, Post] => [folded(titles[post] ?? ''), post]);
    return {
      posts: new Map([...usual, ...own.filter(([title]) => title !== '')]),
      today: dateIn(await zone(), clock.now()),
    };
  };
}
