import type { ForeignAnswer, ForeignGap, ForeignQuestion } from '../foreign.js';
import { htmlOf, percent, xmlText } from './escape.js';

/** Writes questions as Moodle XML. https://docs.moodle.org/en/Moodle_XML_format */
export const writeMoodleXml = (questions: readonly ForeignQuestion[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${questions.map(element).join('\n')}\n</quiz>\n`;

const text = (name: string, value: string, format = 'html'): string =>
  `<${name} format="${format}"><text>${xmlText(format === 'html' ? htmlOf(value) : value)}</text></${name}>`;

const TYPES: Readonly<Record<string, string>> = {
  choice: 'multichoice',
  trueFalse: 'truefalse',
  short: 'shortanswer',
  number: 'numerical',
  matching: 'matching',
  ordering: 'ordering',
  cloze: 'cloze',
  essay: 'essay',
  file: 'essay',
};

function element(question: ForeignQuestion): string {
  const type = TYPES[question.body.kind];
  const name = question.title || (question.text.split('\n')[0] ?? '').slice(0, 100) || '?';
  if (type === undefined) return `<!-- ${question.body.kind} -->`;
  return [
    `<question type="${type}">`,
    `<name><text>${xmlText(name)}</text></name>`,
    text('questiontext', stem(question)),
    text('generalfeedback', question.feedback),
    `<defaultgrade>${question.mark}</defaultgrade>`,
    inner(question),
    '</question>',
  ].join('');
}

/** Of a cloze text the gaps stand in their places. */
function stem({ body, text: source }: ForeignQuestion): string {
  if (body.kind !== 'cloze') return source;
  return source.replace(/\{\{(\d+)\}\}/gu, (match, number: string) => {
    const gap = body.gaps[Number(number) - 1];
    return gap ? gapText(gap) : match;
  });
}

const gapSign = (value: string): string => value.replace(/[\\~#}]/gu, (sign) => `\\${sign}`);

/** What an answer earns; a text that itself begins like that gets the percentage before it. */
function share(fraction: number, text = ''): string {
  const explicit = /^[=%]/u.test(text);
  if (fraction === 1 && !explicit) return '=';
  return fraction === 0 && !explicit ? '' : `%${percent(fraction)}%`;
}

function gapText(gap: ForeignGap): string {
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

const answer = ({ text: value, fraction, feedback = '' }: ForeignAnswer, format: string): string =>
  `<answer fraction="${percent(fraction)}" format="${format}"><text>${xmlText(format === 'html' ? htmlOf(value) : value)}</text>${text('feedback', feedback)}</answer>`;

function inner({ body }: ForeignQuestion): string {
  switch (body.kind) {
    case 'choice':
      return `<single>${!body.several}</single><shuffleanswers>true</shuffleanswers>${body.answers.map((row) => answer(row, 'html')).join('')}`;
    case 'trueFalse':
      return ['true', 'false']
        .map((name) =>
          answer({ text: name, fraction: (name === 'true') === body.right ? 1 : 0 }, 'plain_text'),
        )
        .join('');
    case 'short':
      return `<usecase>${body.caseMatters ? 1 : 0}</usecase>${body.answers.map((row) => answer(row, 'plain_text')).join('')}`;
    case 'number':
      return `${body.answers
        .map(
          ({ value, tolerance, fraction, feedback = '' }) =>
            `<answer fraction="${percent(fraction)}" format="plain_text"><text>${value}</text><tolerance>${tolerance}</tolerance>${text('feedback', feedback)}</answer>`,
        )
        .join('')}${units(body.units)}`;
    case 'matching':
      return [...body.pairs, ...body.extra.map((right) => ({ left: '', right }))]
        .map(
          ({ left, right }) =>
            `<subquestion format="html"><text>${left === '' ? '' : xmlText(htmlOf(left))}</text><answer><text>${xmlText(right)}</text></answer></subquestion>`,
        )
        .join('');
    case 'ordering':
      return body.items.map((item) => answer({ text: item, fraction: 1 }, 'html')).join('');
    case 'essay':
      return '<responseformat>editor</responseformat><answer fraction="0"><text></text></answer>';
    case 'file':
      return '<responseformat>noinline</responseformat><attachments>1</attachments><answer fraction="0"><text></text></answer>';
    default:
      return '';
  }
}

const units = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `<units>${names.map((name) => `<unit><multiplier>1</multiplier><unit_name>${xmlText(name)}</unit_name></unit>`).join('')}</units>`;
