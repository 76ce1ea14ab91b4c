import type { ForeignAnswer, ForeignNumber } from '../../exchange/foreign.js';
import { percent } from '../../exchange/writers/escape.js';
import type { ForeignGap } from './exchange.js';

const CHOICE =
  /^(?:MULTICHOICE|MC|MCV|MCH|MCS|MCVS|MCHS|MULTICHOICE_[VHS]+|MULTIRESPONSE|MR|MRH|MRS|MRHS|MULTIRESPONSE_[VHS]+)$/u;
const SHORT = /^(?:SHORTANSWER|SA|MW|SHORTANSWER_C|SAC|MWC)$/u;
const NUMBER = /^(?:NUMERICAL|NM)$/u;

/** A gap: `{1:SHORTANSWER:=Paris#Right~%50%Marseille}`. https://docs.moodle.org/en/Embedded_Answers_(Cloze)_question_type */
const GAP = /\{(\d*):([A-Z_]+):((?:\\.|[^}\\]){0,5000})\}/gu;

export interface Cloze {
  /** The text with `{{1}}`, `{{2}}` in the gaps' places. */
  readonly text: string;
  readonly gaps: readonly ForeignGap[];
  /** Names of gaps that are not known. */
  readonly unknown: readonly string[];
  /** Whether gaps earn different shares of the points. */
  readonly isWeighted: boolean;
}

/** Reads the gaps of a Cloze text. @param source plain text: markup is gone already */
export function readCloze(source: string): Cloze {
  const gaps: ForeignGap[] = [];
  const unknown: string[] = [];
  const weights = new Set<string>();
  const text = source.replace(GAP, (match, weight: string, name: string, body: string) => {
    const gap = gapOf(name, body);
    if (gap === null) {
      unknown.push(name);
      return match;
    }
    gaps.push(gap);
    weights.add(weight || '1');
    return `{{${gaps.length}}}`;
  });
  return { text, gaps, unknown, isWeighted: weights.size > 1 };
}

function gapOf(name: string, body: string): ForeignGap | null {
  const answers = splitAnswers(body);
  if (CHOICE.test(name)) return { kind: 'choice', answers, caseMatters: false };
  if (SHORT.test(name)) return { kind: 'short', answers, caseMatters: name.endsWith('C') };
  if (NUMBER.test(name)) return { kind: 'number', answers: answers.flatMap(numberOf) };
  return null;
}

/** Answers between tildes; `\~`, `\#`, `\}` stand for themselves. */
function splitAnswers(body: string): ForeignAnswer[] {
  return (body.match(/(?:\\[\s\S]|[^\\~])+/gu) ?? []).map((part) => {
    const [answer = '', feedback = ''] = part.match(/(?:\\[\s\S]|[^\\#])+/gu) ?? [];
    const read = /^(?:=|%(-?[\d.]+)%)?([\s\S]*)$/u.exec(answer);
    const fraction = read?.[1] === undefined ? (answer.startsWith('=') ? 1 : 0) : Number(read[1]) / 100;
    return { text: plain(read?.[2] ?? ''), fraction, feedback: plain(feedback) };
  });
}

const plain = (text: string): string => text.replace(/\\(.)/gu, '$1').replace(/\s+/gu, ' ').trim();

/** `3.14:0.01` is a number and its tolerance. */
function numberOf({ text, fraction, feedback = '' }: ForeignAnswer): ForeignNumber[] {
  const [value = '', tolerance = '0'] = text.split(':').map((part) => part.replace(',', '.').trim());
  if (value === '' || !Number.isFinite(Number(value)) || !Number.isFinite(Number(tolerance))) return [];
  return [{ value: Number(value), tolerance: Number(tolerance), fraction, feedback }];
}

const gapSign = (value: string): string => value.replace(/[\\~#}]/gu, (sign) => `\\${sign}`);

/** What an answer earns; a text that itself begins like that gets the percentage before it. */
function share(fraction: number, text = ''): string {
  const explicit = /^[=%]/u.test(text);
  if (fraction === 1 && !explicit) return '=';
  return fraction === 0 && !explicit ? '' : `%${percent(fraction)}%`;
}

/** The way back: a gap as it stands in the text. */
export function writeGap(gap: ForeignGap): string {
  if (gap.kind === 'number') {
    const numbers = gap.answers.map(
      ({ value, tolerance, fraction }) => `${share(fraction)}${value}:${tolerance}`,
    );
    return `{1:NUMERICAL:${numbers.join('~')}}`;
  }
  const name = gap.kind === 'choice' ? 'MULTICHOICE' : gap.caseMatters ? 'SHORTANSWER_C' : 'SHORTANSWER';
  const texts = gap.answers.map(({ text: value, fraction }) => `${share(fraction, value)}${gapSign(value)}`);
  return `{1:${name}:${texts.join('~')}}`;
}
