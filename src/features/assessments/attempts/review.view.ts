import { asksCertainty, countCertainty } from '../marking/certainty.js';
import { rounded } from '../marking/grading.js';
import { isWaiting } from '../marking/mark.js';
import { gridOf, REVIEW_THINGS, type ReviewRights } from '../review/review.js';
import type { Band, Test } from '../tests/tests.store.js';
import { typeOf } from '../types/index.js';
import { triesBefore } from './tries.js';
import { answerResultOf, textOf } from './answer-results.js';
import { saidOf, type AttemptWithQuestions } from './attempt-questions.js';
import { isFinished, type Attempt } from './attempt.js';

/** The text of the highest band that the attempt has reached. */
const bandOf = (bands: readonly Band[], { score, maximum }: Pick<Attempt, 'score' | 'maximum'>): string => {
  const percent = maximum === 0 ? 0 : (100 * score) / maximum;
  const reached = bands.filter((band) => percent + 1e-9 >= band.percent);
  return [...reached].sort((a, b) => b.percent - a.percent)[0]?.text ?? '';
};

/** Whether the closing of the test shows something that these rights do not. */
const moreAfterClosing = (test: Test, rights: ReviewRights): boolean =>
  REVIEW_THINGS.some((thing) => !rights[thing] && gridOf(test).closed.includes(thing));

/** Answers that were marked by the program, by what the student said of them. */
const certaintyOf = (attempt: Attempt, versions: AttemptWithQuestions['versions']) =>
  countCertainty(
    attempt.marks.flatMap(({ fraction, by }, index) => {
      const answer = attempt.answers[index];
      const said = saidOf(attempt, versions[index], answer);
      if (!said?.answered || fraction === null || (by !== 'auto' && by !== 'regrade')) return [];
      return [{ certainty: said.certainty, fraction }];
    }),
  ).map(({ right, ...count }) => ({ ...count, right: right === null ? null : rounded(right) }));

/** An attempt as it may be looked at: of an open one, the answers so far. */
export function reviewView({ attempt, test, versions }: AttemptWithQuestions, rights: ReviewRights) {
  const finished = isFinished(attempt);
  return {
    test: { id: test.id, title: test.title },
    attempt: {
      id: attempt.id,
      number: attempt.number,
      state: attempt.state,
      startedAt: attempt.startedAt,
      finishedAt: attempt.finishedAt,
      finishedBy: attempt.finishedBy,
      score: finished && rights.marks ? attempt.score : null,
      isFinished: finished,
      /** Said of the whole attempt; '' for nothing. */
      band: finished && rights.overall && attempt.state === 'marked' ? bandOf(test.bands, attempt) : '',
      /** Questions that wait for a person's marks. */
      waiting: finished ? attempt.marks.filter(isWaiting).length : 0,
      maximum: attempt.maximum,
      onTrial: attempt.onTrial === true,
      removed: attempt.removed ? { at: attempt.removed.at, why: attempt.removed.why } : null,
    },
    /** How often each level of certainty was right; null where it was not asked, or may not be seen. */
    certainty: attempt.certainty && finished && rights.correct ? certaintyOf(attempt, versions) : null,
    /** When more may be seen; null where the rule shows no more after closing. */
    moreAt: moreAfterClosing(test, rights) ? test.closesAt : null,
    /** Null where the test's rule does not show them. */
    questions: rights.attempt
      ? versions.map((version, index) => {
          const { definition } = version;
          const asked = attempt.questions[index];
          const response = attempt.answers[index]?.response ?? null;
          const mark = attempt.marks[index];
          return {
            number: index + 1,
            type: definition.type,
            text: textOf(version, asked?.order ?? []),
            format: version.format ?? 'plain',
            mark: rights.maximum || rights.marks ? (asked?.mark ?? 0) : null,
            score: finished && rights.marks && mark?.fraction !== null ? rounded(mark?.score ?? 0) : null,
            answerResult: finished && rights.correct ? answerResultOf(mark, response !== null) : null,
            /** What who marked it has written; empty for automatic marks. */
            comment: finished && (rights.marks || rights.specific) ? (mark?.why ?? '') : '',
            /** Levels that the mark was worked out from. */
            rubric: finished && (rights.marks || rights.specific) ? (mark?.rubric?.chosen ?? []) : [],
            treatment: rights.marks && (mark?.by === 'dropped' || mark?.by === 'full') ? mark.by : null,
            feedback: rights.general ? version.feedback : '',
            remarks: rights.specific ? (typeOf(definition.type).remarks?.(definition, response) ?? []) : [],
            hints: attempt.answers[index]?.hints ?? 0,
            /** Tries that were checked before it. */
            tries: triesBefore(attempt.answers[index]),
            /** How sure the student was; 0: not said; null where it was not asked. */
            certainty:
              attempt.certainty && asksCertainty(definition) && response !== null
                ? (attempt.answers[index]?.certainty ?? 0)
                : null,
            ...typeOf(definition.type).review(definition, asked?.order ?? [], response, rights.answer),
          };
        })
      : null,
  };
}
