import { writerOf } from '../by-type.js';
import type { ForeignQuestion } from '../foreign.js';
import { withCategories } from './categories.js';
import { htmlIn, instructionHtml, nameInFile, xmlText } from './escape.js';
import { idsIn } from '../../bank/files-in.js';
import { withAddresses, type MediaById } from './media-out.js';
import type { Text } from './moodle-parts.js';

/**
 * Writes questions as Moodle XML with their files inside. What Moodle has no type for is named in a comment.
 * https://docs.moodle.org/en/Moodle_XML_format
 */
export const writeMoodleXml = (questions: readonly ForeignQuestion[], media: MediaById = new Map()): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${withCategories(questions, (question) => element(question, media), category).join('\n')}\n</quiz>\n`;

const category = (path: string): string =>
  `<question type="category"><category><text>${xmlText(path)}</text></category></question>`;

/** The files of a text stand beside it. */
const textWriter =
  (question: ForeignQuestion, media: MediaById): Text =>
  (name, value, format = 'html') => {
    if (format !== 'html') return `<${name} format="${format}"><text>${xmlText(value)}</text></${name}>`;
    const before = name === 'questiontext' ? instructionHtml(question) : '';
    if (question.format === 'markdown' && name !== 'answer')
      return `<${name} format="markdown"><text>${xmlText(`${before}${value}`)}</text></${name}>`;
    const html = withAddresses(
      htmlIn(value, question.format),
      media,
      ({ fileName }) => `@@PLUGINFILE@@/${fileName}`,
    );
    return `<${name} format="html"><text>${xmlText(`${before}${html}`)}</text>${filesOf(value, media)}</${name}>`;
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

function element(question: ForeignQuestion, media: MediaById): string {
  const text = textWriter(question, media);
  const { body } = question;
  const moodle = writerOf(body)?.moodle;
  const name = nameInFile(question);
  if (moodle === undefined) return `<!-- ${body.kind} -->`;
  const hints = (question.hints ?? []).map((hint) => text('hint', hint));
  const tags = question.tags.map((tag) => `<tag><text>${xmlText(tag)}</text></tag>`).join('');
  return [
    `<question type="${moodle.name}">`,
    `<name><text>${xmlText(name)}</text></name>`,
    text('questiontext', moodle.text?.(body, question.text) ?? question.text),
    text('generalfeedback', question.feedback),
    `<defaultgrade>${question.mark}</defaultgrade>`,
    `<penalty>${Math.round((question.tryPenalty ?? 0) * 1e7) / 1e7}</penalty>`,
    ...hints,
    tags === '' ? '' : `<tags>${tags}</tags>`,
    moodle.write(body, { text, file: (id) => fileOf(id, media) }),
    '</question>',
  ].join('');
}
