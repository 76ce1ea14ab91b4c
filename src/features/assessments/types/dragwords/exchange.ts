import type { ForeignBody } from '../../exchange/foreign.js';
import { contentIn } from '../../exchange/formats/moodle-parts.js';
import { all, plain } from '../../exchange/formats/qti-parts.js';
import { xmlText } from '../../exchange/writers/escape.js';
import { declaration, R } from '../../exchange/writers/qti3-parts.js';
import { attribute, elementsOf } from '../../exchange/xml.js';
import { stemOf, takeText, withGaps } from '../gaps-exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { DragWordsDefinition } from './dragwords.js';

interface DragWordsBody extends ForeignBody {
  readonly kind: 'dragWords';
  readonly answers: readonly string[];
  /** Words that belong into no gap. */
  readonly extra: readonly string[];
}

const isDragWords = (body: ForeignBody): body is DragWordsBody => body.kind === 'dragWords';

const wordsOf = ({ answers, extra }: DragWordsBody): string[] => [...new Set([...answers, ...extra])];

const unused = (words: readonly string[], answers: readonly string[]): string[] => {
  const used = new Set(answers);
  return words.filter((word) => !used.has(word));
};

export const exchange: TypeExchange<DragWordsDefinition, DragWordsBody> = {
  kind: 'dragWords',
  take: (question) =>
    isDragWords(question.body)
      ? {
          fields: {
            ...takeText(question),
            answers: [...question.body.answers],
            distractors: [...question.body.extra],
          },
        }
      : null,
  body: ({ answers, distractors }) => ({ kind: 'dragWords', answers, extra: distractors }),
  stem: stemOf,
  key: ({ answers }) => answers.map((text, index) => `${index + 1}. ${text}`),
  moodle: {
    /**
     * The text holds `[[1]]`, the number of a word in the list; the same word may stand in several gaps.
     * https://docs.moodle.org/en/Drag_and_drop_into_text_question_type
     */
    names: ['ddwtos', 'gapselect'],
    read(element, { stem, notes }) {
      const isDragged = attribute(element, 'type') === 'ddwtos';
      const boxes = elementsOf(element, isDragged ? 'dragbox' : 'selectoption');
      const words = boxes.map((box) => contentIn(box, 'text'));
      const groups = new Set(boxes.map((box) => contentIn(box, 'group') || '1'));
      // Here every gap offers all words.
      if (groups.size > 1) notes.push({ key: 'types.dragwords.wordGroups' });
      const answers: string[] = [];
      const text = stem.replace(/\[\[(\d{1,3})\]\]/gu, (match, number: string) => {
        const word = words[Number(number) - 1];
        return word === undefined ? match : `{{${answers.push(word)}}}`;
      });
      const extra = unused(words, answers).filter((word) => word !== '');
      return { text, body: { kind: 'dragWords', answers, extra } };
    },
    name: 'ddwtos',
    write: (body) =>
      `<shuffleanswers>1</shuffleanswers>${wordsOf(body)
        .map((word) => `<dragbox><text>${xmlText(word)}</text><group>1</group><infinite/></dragbox>`)
        .join('')}`,
    text: (body, text) =>
      withGaps(text, (number) => `[[${wordsOf(body).indexOf(body.answers[number - 1] ?? '') + 1}]]`),
  },
  qti: {
    read({ only, gaps }) {
      if (only?.name !== 'gapMatchInteraction') return null;
      const words = all(only.element, 'gapText').map((word) => ({
        id: attribute(word, 'identifier'),
        text: plain(word),
      }));
      const places = all(only.element, 'gap');
      places.forEach((gap, index) => gaps.set(gap, index + 1));
      const pairs = new Map(
        only.response.correct.map((pair) => {
          const [word = '', gap = ''] = pair.trim().split(/\s+/u);
          return [gap, word];
        }),
      );
      const answers = places.map(
        (gap) => words.find(({ id }) => id === pairs.get(attribute(gap, 'identifier')))?.text ?? '',
      );
      const texts = words.map(({ text }) => text);
      return { kind: 'dragWords', answers, extra: unused(texts, answers) };
    },
    write(body, text) {
      const words = wordsOf(body);
      const { answers } = body;
      const choices = words.map((word, index) => {
        const count = answers.filter((answer) => answer === word).length;
        return `<qti-gap-text identifier="W${index + 1}" match-max="${Math.max(1, count)}">${xmlText(word)}</qti-gap-text>`;
      });
      const asked = withGaps(text, (number) => `<qti-gap identifier="G${number}"/>`);
      const correct = answers.map((answer, index) => `W${words.indexOf(answer) + 1} G${index + 1}`);
      return {
        declarations: declaration(R, 'multiple', 'directedPair', correct),
        body: `<qti-gap-match-interaction response-identifier="${R}" shuffle="true" max-associations="${answers.length}">${choices.join('')}${asked}</qti-gap-match-interaction>`,
      };
    },
  },
};
