import { excerptOf } from '../bank/excerpt.js';
import { rounded } from './grading.js';
import { typeOf } from '../types/index.js';
import { numberText } from '../types/numbers.js';
import type { MarkingQueue } from './marking-queue.service.js';
import type { MarkedResponse } from './marking.service.js';
import { rubricMaximum } from './rubric.js';
import { isWaiting } from './mark.js';

export const queueView = ({ test, questions, works }: MarkingQueue) => ({
  test: { id: test.id, title: test.title },
  questions: questions.map(({ version, waiting, hasRubric }) => ({
    hasRubric,
    key: version.key,
    type: version.definition.type,
    text: excerptOf(version.text, version.format),
    waiting,
  })),
  works,
});

/** A response to be marked: nothing in it says whose it is. */
export function responseView(found: MarkedResponse, actorId: string) {
  const { test, attempt, index, version, mark, work, waiting, rubric, comments } = found;
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
      isOwn: mark.personId === actorId,
      /** Whether the rubric was changed after the mark, which stays as it was given. */
      isOfOlderRubric: mark.rubric !== undefined && mark.rubric.version !== (rubric?.version ?? 0),
      chosen: mark.rubric?.chosen ?? [],
    },
    second: secondView(found),
    comments,
    rubric: rubric && {
      maximum: rubricMaximum(rubric),
      criteria: rubric.criteria.map(({ title, levels }, place) => ({
        title,
        field: `level${place}`,
        levels: levels.map(({ points, text }, level) => ({
          value: String(level),
          points,
          text,
          chosen: isChosen(mark.rubric?.chosen[place], { points, text }),
        })),
      })),
    },
    values: {
      points: isWaiting(mark) ? '' : numberText(rounded(mark.score)),
      comment: mark.by === 'hand' ? mark.why : '',
    },
  };
}

const isChosen = (
  chosen: { readonly points: number; readonly text: string } | undefined,
  { points, text }: { readonly points: number; readonly text: string },
): boolean => chosen?.points === points && chosen.text === text;

/** Two opinions beside each other, and how far apart they are; null while there is one. */
function secondView({ attempt, index, mark }: MarkedResponse) {
  const maximum = attempt.questions[index]?.mark ?? 0;
  if (mark.second === undefined) return null;
  const points = rounded(mark.second.fraction * maximum);
  return { points, at: mark.second.at, comment: mark.second.why, difference: rounded(points - mark.score) };
}
