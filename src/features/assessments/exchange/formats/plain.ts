import { firstAnswer } from '../by-type.js';
import type { ForeignFile, ForeignQuestion, Unreadable } from '../foreign.js';
import { plainQuestion } from './aiken.js';

/**
 * Questions as people type them, also what a Word file becomes:
 *
 *     1. Столица России?
 *     + Москва
 *     - Казань
 *     - Тверь
 *
 * A right answer begins with `+` or `*`, a wrong one with `-`; answers may also be lettered (`а)`, `B.`), and the
 * right letters named in a line `Ответ: а, в`. One answer alone makes a question with a typed-in answer, none an
 * essay. A blank line or a new number ends a question.
 */
export function readPlain(text: string): ForeignFile {
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  let current: Draft | null = null;
  const end = (): void => {
    if (current === null) return;
    const made = questionOf(current);
    if ('key' in made) unreadable.push(made);
    else questions.push(made);
    current = null;
  };
  text.split(/\r\n?|\n/u).forEach((raw, index) => {
    const line = raw.trim();
    const numbered = /^(?:(?:вопрос|question)\s*)?(?:№\s*)?\d{1,3}\s*[.)]\s+(.+)$/iu.exec(line);
    if (line === '' || numbered) end();
    if (line === '') return;
    const draft: Draft = (current ??= { line: index + 1, text: [], answers: [], rights: null });
    if (numbered) draft.text.push(numbered[1] ?? '');
    else takeLine(draft, line);
  });
  end();
  return { questions, unreadable };
}

interface Draft {
  readonly line: number;
  readonly text: string[];
  readonly answers: { letter: string; text: string; right: boolean }[];
  /** Letters of the right answers, where a line names them. */
  rights: readonly string[] | null;
}

function takeLine(draft: Draft, line: string): void {
  const key = /^(?:answer|ответ|верно|правильный ответ)\s*:\s*(.+)$/iu.exec(line);
  if (key) {
    draft.rights = (key[1] ?? '').split(/\s*[,;]\s*/u).map((letter) => letter.toLowerCase());
    return;
  }
  const answer = /^([+*]?)\s*(?:([-–—•])|(\p{L})[.)])\s+([+*]?)\s*(.+?)(\s\+)?$/u.exec(line) ?? null;
  const marked = /^([+*])\s*(.+)$/u.exec(line);
  if (draft.text.length > 0 && answer) {
    const right = [answer[1], answer[4], answer[6]?.trim()].some((sign) => sign !== undefined && sign !== '');
    draft.answers.push({ letter: (answer[3] ?? '').toLowerCase(), text: answer[5] ?? '', right });
  } else if (draft.text.length > 0 && marked) {
    draft.answers.push({ letter: '', text: marked[2] ?? '', right: true });
  } else if (draft.answers.length > 0) {
    const last = draft.answers.at(-1);
    if (last) last.text = `${last.text} ${line}`;
  } else draft.text.push(line);
}

function questionOf({ line, text, answers, rights: named }: Draft): ForeignQuestion | Unreadable {
  const place = String(line);
  const rows = answers.map((answer, index) => ({
    text: answer.text,
    right: answer.right || named?.some((name) => isName(name, answer.letter, answer.text, index)) === true,
  }));
  const body =
    rows.length > 0 && !rows.some(({ right }) => right)
      ? null
      : firstAnswer(({ typed }) => typed?.read({ answers: rows, named }));
  if (body === null) return { place, key: 'noRight', what: text[0] ?? '' };
  return { ...plainQuestion(place, text.join('\n')), body };
}

const isName = (name: string, letter: string, text: string, index: number): boolean =>
  name === letter || name === text.toLowerCase() || name === String(index + 1);
