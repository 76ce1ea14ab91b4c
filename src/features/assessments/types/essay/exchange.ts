import type { ForeignBody } from '../../exchange/foreign.js';
import { contentIn } from '../../exchange/formats/moodle-parts.js';
import { textAsked } from '../../exchange/writers/qti3-parts.js';
import type { TypeExchange } from '../type-exchange.js';
import type { EssayDefinition } from './essay.js';

interface EssayBody extends ForeignBody {
  readonly kind: 'essay';
}

const ESSAY: EssayBody = { kind: 'essay' };

/** Files know no height of a field, no bounds and no notes for those who mark. */
export const exchange: TypeExchange<EssayDefinition, EssayBody> = {
  kind: 'essay',
  take: ({ body }) => (body.kind === 'essay' ? { fields: {} } : null),
  body: () => ESSAY,
  key: () => [],
  moodle: {
    names: ['essay'],
    read: (element) => (contentIn(element, 'responseformat') === 'noinline' ? null : { body: ESSAY }),
    name: 'essay',
    write: () => '<responseformat>editor</responseformat><answer fraction="0"><text></text></answer>',
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
