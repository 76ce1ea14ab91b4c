import { firstAnswer } from '../by-type.js';
import type { ForeignFile, ForeignQuestion, Unreadable } from '../foreign.js';

/**
 * Aiken: a question on a line (or several), answers `A. text` or `A) text`, and `ANSWER: A`.
 * https://docs.moodle.org/en/Aiken_format
 */
export function readAiken(text: string): ForeignFile {
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  let lines: string[] = [];
  let answers: { letter: string; text: string }[] = [];
  let begin = 1;
  const reset = (): void => {
    lines = [];
    answers = [];
  };
  text.split(/\r\n?|\n/u).forEach((raw, index) => {
    const line = raw.trim();
    if (line === '') return;
    if (lines.length === 0) begin = index + 1;
    const place = String(begin);
    const key = /^(?:ANSWER|ОТВЕТ)\s*:\s*(\p{Lu}(?:\s*,\s*\p{Lu})*)\s*$/iu.exec(line);
    if (key) {
      const right = new Set((key[1] ?? '').toUpperCase().split(/\s*,\s*/u));
      const known = [...right].every((letter) => answers.some((answer) => answer.letter === letter));
      if (!known || answers.length < 2 || lines.length === 0) {
        unreadable.push({ place, key: known ? 'fewAnswers' : 'unknownKey', what: line });
      } else {
        const rows = answers.map((answer) => ({ text: answer.text, right: right.has(answer.letter) }));
        const body = firstAnswer(({ typed }) => typed?.read({ answers: rows, named: null }));
        if (body !== null) questions.push({ ...plainQuestion(place, lines.join('\n')), body });
      }
      reset();
      return;
    }
    const answer = /^(\p{L})[.)]\s+(.+)$/u.exec(line);
    if (answer && lines.length > 0 && follows(answers.at(-1)?.letter, answer[1] ?? '')) {
      answers.push({ letter: (answer[1] ?? '').toUpperCase(), text: answer[2] ?? '' });
      return;
    }
    if (answers.length > 0) {
      unreadable.push({ place, key: 'noAnswerLine', what: lines[0] ?? '' });
      reset();
      begin = index + 1;
    }
    lines.push(line);
  });
  if (lines.length > 0) unreadable.push({ place: String(begin), key: 'noAnswerLine', what: lines[0] ?? '' });
  return { questions, unreadable };
}

/** Answers are lettered in order, in Latin or Cyrillic: a line of the question may begin with a letter and a dot too. */
const follows = (before: string | undefined, letter: string): boolean => {
  const upper = letter.toUpperCase();
  if (before === undefined) return upper === 'A' || upper === 'А';
  return ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'АБВГДЕЖЗИКЛМНОПРСТУФ'].some((alphabet) => {
    const at = alphabet.indexOf(before);
    return at >= 0 && alphabet[at + 1] === upper;
  });
};

/** The parts of a question that a plain format does not have. */
export const plainQuestion = (place: string, text: string) => ({
  name: '',
  text,
  mark: 1,
  feedback: '',
  category: '',
  tags: [],
  place,
  notes: [],
});
