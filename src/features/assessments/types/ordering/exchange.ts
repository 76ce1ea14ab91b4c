import type { ForeignBody } from '../../exchange/foreign.js';
import { all, plain } from '../../exchange/formats/qti-parts.js';
import { contentIn } from '../../exchange/formats/moodle-parts.js';
import { answer } from '../../exchange/writers/moodle-parts.js';
import { choiceId, declaration, R, simple } from '../../exchange/writers/qti3-parts.js';
import { attribute, elementsOf } from '../../exchange/xml.js';
import type { TypeExchange } from '../type-exchange.js';
import type { OrderingDefinition } from './ordering.js';

interface OrderingBody extends ForeignBody {
  readonly kind: 'ordering';
  /** In the right order. */
  readonly items: readonly string[];
  /** Absent: its file does not say. */
  readonly credit?: OrderingDefinition['credit'];
}

const isOrdering = (body: ForeignBody): body is OrderingBody => body.kind === 'ordering';

export const exchange: TypeExchange<OrderingDefinition, OrderingBody> = {
  kind: 'ordering',
  take: ({ body }) =>
    isOrdering(body)
      ? { fields: { item: [...body.items], ...(body.credit !== undefined && { credit: body.credit }) } }
      : null,
  body: ({ items, credit }) => ({ kind: 'ordering', items, credit }),
  key: ({ items }) => items.map((text, index) => `${index + 1}. ${text}`),
  moodle: {
    names: ['ordering'],
    read(element, { read, notes }) {
      const grading = contentIn(element, 'gradingtype');
      const isAll = /^(?:ALL_OR_NOTHING|-1)$/u.test(grading);
      if (!isAll && !/^(?:|ABSOLUTE_POSITION|0)$/u.test(grading))
        notes.push({ key: 'types.ordering.otherCredit' });
      return {
        body: {
          kind: 'ordering',
          items: elementsOf(element, 'answer').map(read),
          credit: isAll ? 'all' : 'places',
        },
      };
    },
    name: 'ordering',
    write: ({ items, credit }, { text }) =>
      `<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount><gradingtype>${credit === 'all' ? 'ALL_OR_NOTHING' : 'ABSOLUTE_POSITION'}</gradingtype>${items.map((item) => answer({ text: item, fraction: 1 }, text, 'html')).join('')}`,
  },
  qti: {
    read({ only, find }) {
      if (only?.name !== 'orderInteraction') return null;
      const texts = new Map(
        all(only.element, 'simpleChoice').map((item) => [attribute(item, 'identifier'), plain(item, find)]),
      );
      return { kind: 'ordering', items: only.response.correct.map((id) => texts.get(id) ?? id) };
    },
    write: ({ items }, text) => ({
      declarations: declaration(
        R,
        'ordered',
        'identifier',
        items.map((_item, index) => choiceId(index)),
      ),
      body: `${text}<qti-order-interaction response-identifier="${R}" shuffle="true">${simple(items)}</qti-order-interaction>`,
    }),
  },
  table: {
    names: ['порядок', 'ordering'],
    read: ({ keys }) => ({ kind: 'ordering', items: keys }),
  },
};
