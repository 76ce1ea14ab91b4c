import { fullName, NAMELESS, type PersonName } from '../../../shared/names.js';
import { excerptOf } from '../bank/excerpt.js';
import { rounded } from '../marking/grading.js';
import type { PlacedQuestion } from '../tests/tests.service.js';
import type { PlannedChange } from './regrades.store.js';
import type { ShownRegrade } from './regrades.service.js';

const percent = (share: number | null): number | null => (share === null ? null : rounded(100 * share));

/** A regrade: what it would change, or how far it is. */
export const regradeView = (
  { test, regrade, outdated, owners }: ShownRegrade,
  placed: readonly PlacedQuestion[],
  names: ReadonlyMap<string, PersonName>,
) => ({
  test: { id: test.id, title: test.title },
  /** `none`: never asked for. `old`: planned, and the test has changed since. */
  state: regrade === null ? 'none' : outdated ? 'old' : regrade.state,
  plannedAt: regrade?.askedAt ?? null,
  done: regrade?.done ?? 0,
  total: regrade?.total ?? 0,
  /** Of the bar, which must not be 0. */
  most: Math.max(1, regrade?.total ?? 0),
  changed: regrade?.changed ?? 0,
  /** Attempts under way. */
  underWay: regrade?.underWay ?? 0,
  questions: placed.map(({ item, question }, place) => ({
    key: item.key,
    number: place + 1,
    text: excerptOf(question.text, question.format),
    treatment: item.treatment ?? '',
  })),
  changes: (regrade?.changes ?? []).map((change) => ({
    ...changeView(change, placed),
    number: owners.get(change.attemptId)?.number ?? 0,
    name: fullName(names.get(owners.get(change.attemptId)?.personId ?? '') ?? NAMELESS),
  })),
});

const changeView = ({ questions, ...change }: PlannedChange, placed: readonly PlacedQuestion[]) => ({
  ...change,
  questions: questions.map(({ key, from, to }) => ({
    number: placed.findIndex(({ item }) => item.key === key) + 1,
    from: percent(from),
    to: percent(to),
  })),
});
