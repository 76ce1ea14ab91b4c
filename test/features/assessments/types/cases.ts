import { expect } from 'chai';
import { contentFields, questionFrom } from '../../../../src/features/assessments/bank/question.schema.js';
import { typeOf, type TypeName } from '../../../../src/features/assessments/types/index.js';
import { DomainError } from '../../../../src/shared/errors.js';

/* The cases of a question type stand in the file of its name; what is asked of every type stands here. */

type Fields = Readonly<Record<string, unknown>>;
type Sent = readonly string[];

export interface Cases {
  /** A form that is the way back from its definition. */
  readonly form: Fields;
  /** Forms, what is answered, and the share of the points worked out by hand; null: a person marks it. */
  readonly marked: readonly (readonly [form: Fields, sent: Sent, expected: number | null])[];
  /** Forms with a fault, and the field that is named. */
  readonly refusedForms?: readonly (readonly [form: Fields, field: string])[];
  /** Answers that the page of the question cannot send. */
  readonly refusedAnswers?: readonly (readonly [form: Fields, sent: Sent])[];
  /** What is answered, and the author's feedback on it. */
  readonly remarked?: readonly (readonly [form: Fields, sent: Sent, remarks: readonly string[]])[];
  /** What of a question is not shown while it is answered. */
  readonly secret?: readonly (readonly [form: Fields, key: RegExp])[];
}

export const content = (type: TypeName, fields: Fields) => questionFrom({ text: 'Вопрос', ...fields }, type);
const inOrder = (limit: number): number => limit - 1;
export const PICTURE = { image: 'abcdefghjkabcdefghjk', imageWidth: '400', imageHeight: '300' };

/** Marks what a page sends whose parts stand in the definition's order. */
function fraction(type: TypeName, fields: Fields, sent: readonly string[]): number | null {
  const { definition } = content(type, fields);
  const marking = typeOf(type);
  const assigned = marking.deal(definition, false, inOrder);
  const { fits, response } = marking.read(definition, sent, assigned);
  expect(fits, `fits: ${sent.join('|')}`).to.equal(true);
  if (response !== null) {
    // What the page sends for a response is read as that response.
    expect(
      marking.read(definition, marking.sent(definition, assigned, response), assigned).response,
    ).to.deep.equal(response);
    expect(marking.words(definition, response, assigned)).to.be.an('array');
  }
  return marking.fraction(definition, response, assigned);
}

function faults(type: TypeName, fields: Fields): string[] {
  try {
    content(type, fields);
  } catch (error) {
    if (error instanceof DomainError) return Object.keys(error.details.fields ?? {});
    throw error;
  }
  return [];
}

export function describeType(type: TypeName, cases: Cases): void {
  describe(`marking of ${type}`, () => {
    for (const [fields, sent, expected] of cases.marked) {
      it(`${String(expected)} for ${JSON.stringify(sent)} of ${JSON.stringify(fields).slice(0, 70)}`, () => {
        const given = fraction(type, fields, sent);
        if (expected === null) expect(given).to.equal(null);
        else expect(given).to.be.closeTo(expected, 1e-12);
      });
    }

    for (const [fields, field] of cases.refusedForms ?? []) {
      it(`names the field ${field} of ${JSON.stringify(fields)}`, () => {
        expect(faults(type, fields)).to.include(field);
      });
    }

    for (const [fields, sent] of cases.refusedAnswers ?? []) {
      it(`refuses ${sent.join('|').slice(0, 20)}, which its page cannot send`, () => {
        const { definition } = content(type, fields);
        const marking = typeOf(type);
        expect(marking.read(definition, sent, marking.deal(definition, false, inOrder)).fits).to.equal(false);
      });
    }

    for (const [fields, sent, remarks] of cases.remarked ?? []) {
      it(`says ${remarks.join()} on ${sent.join('|')}`, () => {
        const { definition } = content(type, fields);
        const marking = typeOf(type);
        const assigned = marking.deal(definition, false, inOrder);
        const { response } = marking.read(definition, sent, assigned);
        expect(marking.remarks?.(definition, response)).to.deep.equal(remarks);
      });
    }

    it('has a form that is the way back from its definition', () => {
      const made = content(type, {
        ...cases.form,
        hints: 'раз\nдва',
        hintPenalty: '10',
        tags: 'а, б',
        category: 'К / М',
        format: 'markdown',
      });
      expect(questionFrom(contentFields(made), type)).to.deep.equal(made);
    });

    for (const [fields, key] of cases.secret ?? []) {
      it(`shows no ${key.source} while it is answered`, () => {
        const { definition } = content(type, fields);
        const shown = typeOf(type).answering(definition, typeOf(type).deal(definition, true, inOrder), null);
        expect(JSON.stringify(shown)).not.to.match(key);
      });
    }
  });
}
