import { fullName, NAMELESS, type PersonName } from '../../../shared/names.js';
import { excerptOf } from '../bank/excerpt.js';
import { rounded } from './grading.js';
import { typeOf } from '../types/index.js';
import { numberText } from '../types/numbers.js';
import type { PlacedQuestion } from '../tests/tests.service.js';
import type { MarkedResponse, MarkingQueue } from './marking.service.js';
import { isWaiting } from './mark.js';
import type { RegradePlan } from './regrade.service.js';

export const queueView = ({ test, questions, works }: MarkingQueue) => ({
  test: { id: test.id, title: test.title },
  questions: questions.map(({ version, waiting }) => ({
    key: version.key,
    type: version.definition.type,
    text: excerptOf(version.text, version.format),
    waiting,
  })),
  works,
});

/** A response to be marked: nothing in it says whose it is. */
export function responseView({ test, attempt, index, version, mark, work, waiting }: MarkedResponse) {
  const { definition } = version;
  const type = typeOf(definition.type);
  const asked = attempt.questions[index];
  const assigned = asked?.order ?? [];
  const response = attempt.answers[index]?.response ?? null;
  return {
    test: { id: test.id, title: test.title },
    attempt: { id: attempt.id },
    work,
    waiting,
    question: {
      number: index + 1,
      type: definition.type,
      text: type.text?.(definition, version.text, assigned) ?? version.text,
      format: version.format ?? 'plain',
      feedback: version.feedback,
      notes: 'notes' in definition ? definition.notes : '',
      maximum: asked?.mark ?? 0,
      ...type.review(definition, assigned, response, true),
    },
    mark: {
      waits: isWaiting(mark),
      by: mark.by,
      at: mark.at,
      points: rounded(mark.score),
      version: mark.version,
    },
    values: {
      points: isWaiting(mark) ? '' : numberText(rounded(mark.score)),
      comment: mark.by === 'hand' ? mark.why : '',
    },
  };
}

/** What a regrade would change. */
export const planView = (
  { test, changes, looked }: RegradePlan,
  placed: readonly PlacedQuestion[],
  names: ReadonlyMap<string, PersonName>,
) => ({
  test: { id: test.id, title: test.title },
  looked,
  questions: placed.map(({ item, question }, place) => ({
    key: item.key,
    number: place + 1,
    text: excerptOf(question.text, question.format),
    treatment: item.treatment ?? '',
  })),
  changes: changes.map(({ attempt, from, to, maximum, changes: marks }) => ({
    attemptId: attempt.id,
    number: attempt.number,
    name: fullName(names.get(attempt.personId) ?? NAMELESS),
    from,
    to,
    maximumBefore: attempt.maximum,
    maximum,
    questions: marks.map((change) => ({
      number: placed.findIndex(({ item }) => item.key === attempt.questions[change.index]?.key) + 1,
      from: change.from === null ? null : rounded(100 * change.from),
      to: change.to === null ? null : rounded(100 * change.to),
    })),
  })),
});
