import type { ForeignBody, Note } from '../../exchange/foreign.js';
import { contentIn, numberIn } from '../../exchange/formats/moodle-parts.js';
import type { BodyContext } from '../../exchange/formats/moodle-files.js';
import type { Text } from '../../exchange/writers/moodle-parts.js';
import { textAsked } from '../../exchange/writers/qti3-parts.js';
import { firstOf, type XmlElement } from '../../exchange/xml.js';
import type { TypeExchange } from '../type-exchange.js';
import { LEAST_LINES, MOST_LINES, MOST_WORDS } from './bounds.js';
import type { EssayDefinition } from './essay.js';

/** Most formats know no height of a field, no bounds and no notes for those who mark. */
interface EssayBody extends ForeignBody, Partial<Omit<EssayDefinition, 'type'>> {
  readonly kind: 'essay';
  /** What its file has more of it. */
  readonly lost?: readonly Note[];
}

const isEssay = (body: ForeignBody): body is EssayBody => body.kind === 'essay';

const ESSAY: EssayBody = { kind: 'essay' };

export const exchange: TypeExchange<EssayDefinition, EssayBody> = {
  kind: 'essay',
  take({ body }) {
    if (!isEssay(body)) return null;
    const { kind: _kind, lost = [], ...fields } = body;
    return { fields, notes: lost };
  },
  body: ({ type: _type, ...fields }) => ({ kind: 'essay', ...fields }),
  key: () => [],
  moodle: {
    names: ['essay'],
    read: (element, context) =>
      contentIn(element, 'responseformat') === 'noinline' ? null : { body: readMoodle(element, context) },
    name: 'essay',
    write: writeMoodle,
  },
  gift: {
    read: (question) => (question.type === 'Essay' ? ESSAY : null),
    write: () => '',
  },
  qti: {
    read: ({ only }) => (only?.name === 'extendedTextInteraction' ? ESSAY : null),
    isAskedBelow: true,
    write: (_body, text) => textAsked(text),
  },
  qti12: {
    read: ({ type, hasTyped, choices, keys }) =>
      type.includes('essay') || (type === '' && hasTyped && choices.length === 0 && keys.length === 0)
        ? ESSAY
        : null,
  },
  table: { names: ['эссе', 'essay'], read: () => ESSAY },
  typed: { read: ({ answers, named }) => (answers.length === 0 && named === null ? ESSAY : null) },
};

/** A number of words or lines; undefined where there is none that fits. */
function countIn(element: XmlElement, name: string, least: number, most: number): number | undefined {
  const count = Math.round(numberIn(element, name));
  return count > 0 ? Math.min(most, Math.max(least, count)) : undefined;
}

/** https://docs.moodle.org/en/Essay_question_type */
function readMoodle(element: XmlElement, { plain }: BodyContext): EssayBody {
  const lines = countIn(element, 'responsefieldlines', LEAST_LINES, MOST_LINES);
  const leastWords = countIn(element, 'minwordlimit', 1, MOST_WORDS);
  const mostWords = countIn(element, 'maxwordlimit', 1, MOST_WORDS);
  const notes = plain(firstOf(element, 'graderinfo'));
  const lost: Note[] = [
    ...(plain(firstOf(element, 'responsetemplate')) === '' ? [] : [{ key: 'types.essay.template' }]),
    ...(numberIn(element, 'attachments') > 0 ? [{ key: 'types.essay.attachments' }] : []),
  ];
  return {
    kind: 'essay',
    ...(lines !== undefined && { lines }),
    ...(leastWords !== undefined && { leastWords }),
    ...(mostWords !== undefined && { mostWords }),
    ...(notes !== '' && { notes }),
    ...(lost.length > 0 && { lost }),
  };
}

function writeMoodle(
  { lines = 8, leastWords = 0, mostWords = 0, notes = '' }: EssayBody,
  { text }: { readonly text: Text },
): string {
  const bound = (name: string, words: number): string => (words === 0 ? '' : `<${name}>${words}</${name}>`);
  return [
    '<responseformat>editor</responseformat><responserequired>1</responserequired>',
    `<responsefieldlines>${lines}</responsefieldlines>`,
    bound('minwordlimit', leastWords),
    bound('maxwordlimit', mostWords),
    '<attachments>0</attachments><attachmentsrequired>0</attachmentsrequired>',
    text('graderinfo', notes, 'plain_text'),
    '<responsetemplate format="html"><text></text></responsetemplate>',
    '<answer fraction="0"><text></text></answer>',
  ].join('');
}
