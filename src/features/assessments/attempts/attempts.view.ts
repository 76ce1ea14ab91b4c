import type { ReviewRights } from '../assessments.policy.js';
import { isFinished, type Attempt } from './attempt.js';
import type { Band } from '../tests/tests.store.js';
import { isWaiting, type Mark } from '../marking/mark.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import { pagesOf } from './draws.js';
import { rounded } from '../marking/grading.js';
import { fieldOf, shownMark, type AttemptWithQuestions } from './attempt-questions.js';
import { typeOf } from '../types/index.js';

/** What a form holds that could not be saved: shown again as it was sent. */
export interface Typed {
  readonly values: Readonly<Record<string, string | readonly string[]>>;
  readonly errors: Readonly<Record<string, string>>;
}

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** What is left of an attempt's time by the server's clock, in seconds; null: no limit. */
export const secondsLeft = ({ deadline }: AttemptWithQuestions, now: Date): number | null =>
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
  return {
    test: { id: test.id, title: test.title },
    attempt: {
      id: attempt.id,
      number: attempt.number,
      state: attempt.state,
      startedAt: attempt.startedAt,
      deadline,
      left: secondsLeft(paper, now),
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
        shown: shownMark(type.sent(definition, order, stored?.response ?? null)),
        hints: hints.slice(0, taken),
        hintsLeft: hints.length - Math.min(taken, hints.length),
        /** Per cent of the points that each costs. */
        hintCost: rounded(100 * (version.hintPenalty ?? 0)),
        section: begins(attempt, index, pages) ? (attempt.questions[index]?.section ?? '') : '',
        ...type.answering(definition, order, response),
      };
    }),
  };
}

/** Whether a section, or another page of it, begins with a question. */
const begins = ({ questions }: Attempt, index: number, pages: readonly number[]): boolean =>
  index === 0 ||
  questions[index]?.section !== questions[index - 1]?.section ||
  pages[index] !== pages[index - 1];

/** The text of the highest band that the attempt has reached. */
const bandOf = (bands: readonly Band[], { score, maximum }: Pick<Attempt, 'score' | 'maximum'>): string => {
  const percent = maximum === 0 ? 0 : (100 * score) / maximum;
  const reached = bands.filter((band) => percent + 1e-9 >= band.percent);
  return [...reached].sort((a, b) => b.percent - a.percent)[0]?.text ?? '';
};

/** The question's text as this attempt sees it. */
const textOf = ({ definition, text }: QuestionVersion, assigned: readonly number[]): string =>
  typeOf(definition.type).text?.(definition, text, assigned) ?? text;

/** `waiting`: a person has still to mark it. */
export type AnswerResult = 'right' | 'partly' | 'wrong' | 'none' | 'waiting';

/** Thirds of thirds do not add up to 1 exactly. */
const answerResultOf = (mark: Mark | undefined, answered: boolean): AnswerResult => {
  if (mark?.fraction === null) return 'waiting';
  if (!answered && mark?.by === 'auto') return 'none';
  const fraction = mark?.fraction ?? 0;
  if (fraction > 1 - 1e-9) return 'right';
  return fraction > 0 ? 'partly' : 'wrong';
};

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
      score: finished ? attempt.score : null,
      /** Said of the whole attempt; '' for nothing. */
      band: finished && attempt.state === 'marked' ? bandOf(test.bands, attempt) : '',
      /** Questions that wait for a person's marks. */
      waiting: finished ? attempt.marks.filter(isWaiting).length : 0,
      maximum: attempt.maximum,
      onTrial: attempt.onTrial === true,
      removed: attempt.removed ? { at: attempt.removed.at, why: attempt.removed.why } : null,
    },
    /** Null where the test's rule shows the points only. */
    questions: rights.marks
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
            mark: asked?.mark ?? 0,
            score: finished && mark?.fraction !== null ? rounded(mark?.score ?? 0) : null,
            answerResult: finished ? answerResultOf(mark, response !== null) : null,
            /** What who marked it has written; empty for automatic marks. */
            comment: finished ? (mark?.why ?? '') : '',
            treatment: mark?.by === 'dropped' || mark?.by === 'full' ? mark.by : null,
            feedback: rights.answers ? version.feedback : '',
            remarks: rights.answers ? (typeOf(definition.type).remarks?.(definition, response) ?? []) : [],
            hints: attempt.answers[index]?.hints ?? 0,
            ...typeOf(definition.type).review(definition, asked?.order ?? [], response, rights.answers),
          };
        })
      : null,
  };
}
