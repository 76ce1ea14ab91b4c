import type { ForeignAnswer, ForeignGap, ForeignQuestion } from '../foreign.js';
import { htmlIn, percent, xmlText } from './escape.js';
import { idsIn } from '../../bank/files-in.js';
import { withAddresses, type MediaById } from './media-out.js';
import { innerOfMore, wordNumber } from './moodle-more.js';

/**
 * Writes questions as Moodle XML with their files inside. What Moodle has no type for is named in a comment.
 * https://docs.moodle.org/en/Moodle_XML_format
 */
export const writeMoodleXml = (questions: readonly ForeignQuestion[], media: MediaById = new Map()): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${withCategories(questions, (question) => element(question, media)).join('\n')}\n</quiz>\n`;

/** An element names the category of all that follow it. */
function withCategories(
  questions: readonly ForeignQuestion[],
  write: (question: ForeignQuestion) => string,
): string[] {
  let category = '';
  return questions.flatMap((question) => {
    if (question.category === category) return [write(question)];
    category = question.category;
    const path = category === '' ? '$course$/top' : `$course$/top/${category}`;
    return [
      `<question type="category"><category><text>${xmlText(path)}</text></category></question>`,
      write(question),
    ];
  });
}

type Text = (name: string, value: string, format?: 'html' | 'plain_text') => string;

/** The files of a text stand beside it. */
const textWriter =
  (question: Pick<ForeignQuestion, 'format'>, media: MediaById): Text =>
  (name, value, format = 'html') => {
    if (format !== 'html') return `<${name} format="${format}"><text>${xmlText(value)}</text></${name}>`;
    if (question.format === 'markdown' && name !== 'answer')
      return `<${name} format="markdown"><text>${xmlText(value)}</text></${name}>`;
    const html = withAddresses(
      htmlIn(value, question.format),
      media,
      ({ fileName }) => `@@PLUGINFILE@@/${fileName}`,
    );
    return `<${name} format="html"><text>${xmlText(html)}</text>${filesOf(value, media)}</${name}>`;
  };

const filesOf = (value: string, media: MediaById): string =>
  idsIn(value)
    .map((id) => fileOf(id, media))
    .join('');

function fileOf(id: string, media: MediaById): string {
  const file = media.get(id);
  return file === undefined
    ? ''
    : `<file name="${xmlText(file.fileName)}" path="/" encoding="base64">${file.bytes.toString('base64')}</file>`;
}

const TYPES: Readonly<Record<string, string>> = {
  choice: 'multichoice',
  trueFalse: 'truefalse',
  short: 'shortanswer',
  number: 'numerical',
  matching: 'matching',
  ordering: 'ordering',
  cloze: 'cloze',
  dragWords: 'ddwtos',
  dragImage: 'ddmarker',
  hotspot: 'ddmarker',
  calculated: 'calculatedsimple',
  essay: 'essay',
  file: 'essay',
};

function element(question: ForeignQuestion, media: MediaById): string {
  const text = textWriter(question, media);
  const type = TYPES[question.body.kind];
  const name = question.title || (question.text.split('\n')[0] ?? '').slice(0, 100) || '?';
  if (type === undefined) return `<!-- ${question.body.kind} -->`;
  const hints = (question.hints ?? []).map((hint) => text('hint', hint));
  const tags = question.tags.map((tag) => `<tag><text>${xmlText(tag)}</text></tag>`).join('');
  return [
    `<question type="${type}">`,
    `<name><text>${xmlText(name)}</text></name>`,
    text('questiontext', stem(question)),
    text('generalfeedback', question.feedback),
    `<defaultgrade>${question.mark}</defaultgrade>`,
    ...hints,
    tags === '' ? '' : `<tags>${tags}</tags>`,
    inner(question, text, (id) => fileOf(id, media)),
    '</question>',
  ].join('');
}

/** Of a cloze text the gaps stand in their places. */
function stem({ body, text: source }: ForeignQuestion): string {
  if (body.kind === 'dragWords')
    return source.replace(
      /\{\{(\d+)\}\}/gu,
      (_match, number: string) => `[[${wordNumber(body, Number(number))}]]`,
    );
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

/** An element of a text with more in it. @param more markup before its end */
const withMore = (element: string, name: string, more: string): string =>
  `${element.slice(0, -`</${name}>`.length)}${more}</${name}>`;

const answer = (
  { text: value, fraction, feedback = '' }: ForeignAnswer,
  text: Text,
  format: 'html' | 'plain_text',
): string =>
  `<answer fraction="${percent(fraction)}"${withMore(text('answer', value, format), 'answer', text('feedback', feedback)).slice('<answer'.length)}`;

function inner({ body }: ForeignQuestion, text: Text, file: (id: string) => string): string {
  switch (body.kind) {
    case 'choice':
      return `<single>${!body.several}</single><shuffleanswers>true</shuffleanswers>${body.answers.map((row) => answer(row, text, 'html')).join('')}`;
    case 'trueFalse':
      return ['true', 'false']
        .map((name) =>
          answer(
            {
              text: name,
              fraction: (name === 'true') === body.right ? 1 : 0,
              feedback: (name === 'true' ? body.ifTrue : body.ifFalse) ?? '',
            },
            text,
            'plain_text',
          ),
        )
        .join('');
    case 'short':
      return `<usecase>${body.caseMatters ? 1 : 0}</usecase>${body.answers.map((row) => answer(row, text, 'plain_text')).join('')}`;
    case 'number':
      return `${body.answers
        .map(
          ({ value, tolerance, fraction, feedback = '' }) =>
            `<answer fraction="${percent(fraction)}" format="plain_text"><text>${value}</text><tolerance>${tolerance}</tolerance>${text('feedback', feedback)}</answer>`,
        )
        .join('')}${units(body.units)}`;
    case 'matching':
      return [...body.pairs, ...body.extra.map((right) => ({ left: '', right }))]
        .map(({ left, right }) =>
          left === ''
            ? `<subquestion format="html"><text></text><answer><text>${xmlText(right)}</text></answer></subquestion>`
            : withMore(
                text('subquestion', left),
                'subquestion',
                `<answer><text>${xmlText(right)}</text></answer>`,
              ),
        )
        .join('');
    case 'ordering':
      return body.items.map((item) => answer({ text: item, fraction: 1 }, text, 'html')).join('');
    case 'essay':
      return '<responseformat>editor</responseformat><answer fraction="0"><text></text></answer>';
    case 'file':
      return '<responseformat>noinline</responseformat><attachments>1</attachments><answer fraction="0"><text></text></answer>';
    default:
      return innerOfMore(body, file);
  }
}

const units = (names: readonly string[]): string =>
  names.length === 0
    ? ''
    : `<units>${names.map((name) => `<unit><multiplier>1</multiplier><unit_name>${xmlText(name)}</unit_name></unit>`).join('')}</units>`;
