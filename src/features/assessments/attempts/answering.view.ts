import { asksCertainty, certaintyLevels } from '../marking/certainty.js';
import { rounded } from '../marking/grading.js';
import { markOf } from '../marking/mark.js';
import { checksAnswers, rightsAt, type ReviewRights } from '../review/review.js';
import { typeOf } from '../types/index.js';
import { answerResultOf, textOf } from './answer-results.js';
import { fieldOf, fractionOf, saidOf, shownMark, type AttemptWithQuestions } from './attempt-questions.js';
import type { Attempt } from './attempt.js';
import { pagesOf } from './draws.js';
import { isTried } from './tries.js';

/** What a form holds that could not be saved: shown again as it was sent. */
export interface Typed {
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly errors: Readonly<Record<string, string>>;
}

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** What is left of an attempt's time by the server's clock, in seconds; null: no limit. */
export const secondsLeft = ({ deadline }: Pick<AttemptWithQuestions, 'deadline'>, now: Date): number | null =>
  deadline && Math.max(0, Math.floor((deadline.getTime() - now.getTime()) / 1000));

/**
 * The questions to be answered. Nothing of the key is in it, nor anything that tells how the answers were
 * shuffled.
 */
export function answeringView(paper: AttemptWithQuestions, now: Date, typed?: Typed, wanted?: number) {
  const { attempt, test, deadline } = paper;
  const pages = pagesOf(attempt.questions, test);
  const last = pages.at(-1) ?? 1;
  const reached = attempt.page ?? 1;
  const page = Math.min(last, test.sequential ? reached : (wanted ?? 1));
  const rights = rightsAt(test, attempt, now);
  return {
    test: { id: test.id, title: test.title },
    attempt: {
      id: attempt.id,
      number: attempt.number,
      state: attempt.state,
      startedAt: attempt.startedAt,
      deadline,
      left: secondsLeft(paper, now),
      last: lastOf(paper),
    },
    maximum: attempt.maximum,
    count: attempt.questions.length,
    pages: { current: page, count: last, sequential: test.sequential },
    questions: paper.versions.flatMap((version, index) => {
      if (pages[index] !== page) return [];
      const { definition } = version;
      const type = typeOf(definition.type);
      const order = attempt.questions[index]?.order ?? [];
      const stored = attempt.answers[index];
      const field = fieldOf(index);
      const again = typed && type.read(definition, listed(typed.values[field]), order).response;
      const response = again === undefined ? (stored?.response ?? null) : again;
      const hints = version.hints ?? [];
      const taken = stored?.hints ?? 0;
      return {
        number: index + 1,
        field,
        type: definition.type,
        text: textOf(version, order),
        format: version.format ?? 'plain',
        mark: attempt.questions[index]?.mark ?? 0,
        revision: stored?.revision ?? 0,
        answered: (stored?.response ?? null) !== null,
        problem: typed?.errors[field] ?? null,
        /** What the page sends for the answer as it stands. */
        values: type.sent(definition, order, response),
        shown: shownMark(type.sent(definition, order, stored?.response ?? null), stored?.certainty),
        /** How sure the student is, with what each level earns and costs; null where it is not asked. */
        certainty:
          attempt.certainty && asksCertainty(definition)
            ? {
                name: `c${index + 1}`,
                chosen: Number(typed?.values[`c${index + 1}`] ?? stored?.certainty ?? 0),
                levels: certaintyLevels(attempt.questions[index]?.mark ?? 0),
              }
            : null,
        hints: hints.slice(0, taken),
        hintsLeft: stored?.checked ? 0 : hints.length - Math.min(taken, hints.length),
        /** Whether it can be checked now. */
        checkable: checksAnswers(test) && !stored?.checked && type.mostFiles === undefined,
        /** Answered with files, on a page of its own. */
        uploads: type.mostFiles !== undefined,
        checked: stored?.checked ? checkedView(paper, index, rights) : null,
        tried: stored && !stored.checked && isTried(stored) ? triedView(paper, index, rights) : null,
        /** Per cent of the points that each costs. */
        hintCost: rounded(100 * (version.hintPenalty ?? 0)),
        section: begins(attempt, index, pages) ? (attempt.questions[index]?.section ?? '') : '',
        ...type.answering(definition, order, response),
      };
    }),
  };
}

/** Which words ask before the end of an attempt that no other follows; null: another may follow. */
const lastOf = ({ attempt, test }: AttemptWithQuestions): 'only' | 'last' | null => {
  if (test.attemptsAllowed === 0 || attempt.number < test.attemptsAllowed) return null;
  return test.attemptsAllowed === 1 ? 'only' : 'last';
};

/** Whether a section, or another page of it, begins with a question. */
const begins = ({ questions }: Attempt, index: number, pages: readonly number[]): boolean =>
  index === 0 ||
  questions[index]?.section !== questions[index - 1]?.section ||
  pages[index] !== pages[index - 1];

/** An answer that was checked and is not right yet: nothing of it tells what is right. */
function triedView(paper: AttemptWithQuestions, index: number, rights: ReviewRights) {
  const found = checkedView(paper, index, rights);
  return (
    found && {
      answerResult: found.answerResult,
      remarks: found.remarks,
      /** Per cent of the points. */
      cost: rounded(100 * (paper.versions[index]?.tryPenalty ?? 0)),
    }
  );
}

/** An answer that was checked while the attempt goes on, as far as the test's rule shows it. */
function checkedView({ attempt, versions }: AttemptWithQuestions, index: number, rights: ReviewRights) {
  const [version, asked, answer] = [versions[index], attempt.questions[index], attempt.answers[index]];
  if (version === undefined || asked === undefined) return null;
  const { definition } = version;
  const type = typeOf(definition.type);
  const response = answer?.response ?? null;
  const mark = markOf(fractionOf(version, asked, answer), asked.mark, {
    by: 'auto',
    at: attempt.startedAt,
    why: '',
    said: saidOf(attempt, version, answer),
  });
  return {
    answerResult: rights.correct ? answerResultOf(mark, response !== null) : null,
    score: rights.marks && mark.fraction !== null ? rounded(mark.score) : null,
    mark: asked.mark,
    feedback: rights.general ? version.feedback : '',
    remarks: rights.specific ? (type.remarks?.(definition, response) ?? []) : [],
    question: {
      type: definition.type,
      format: version.format ?? 'plain',
      ...type.review(definition, asked.order, response, rights.answer),
    },
  };
}
