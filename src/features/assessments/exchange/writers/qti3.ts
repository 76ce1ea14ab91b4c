import { ZipFile } from 'yazl';
import type { ForeignAnswer, ForeignGap, ForeignQuestion } from '../foreign.js';
import { xmlText } from './escape.js';

const ITEM =
  'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqtiasi_v3p0 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"';

/** A QTI 3 content package: a manifest and an item for each question. https://www.imsglobal.org/spec/qti/v3p0/impl */
export async function writeQtiPackage(questions: readonly ForeignQuestion[]): Promise<Buffer> {
  const zip = new ZipFile();
  const items = questions.map((question, index) => ({
    id: `item-${String(index + 1).padStart(4, '0')}`,
    question,
  }));
  const at = new Date(0);
  zip.addBuffer(Buffer.from(manifest(items.map(({ id }) => id))), 'imsmanifest.xml', { mtime: at });
  for (const { id, question } of items)
    zip.addBuffer(Buffer.from(itemOf(id, question)), `items/${id}.xml`, { mtime: at });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

const manifest = (ids: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="questions"><metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata><organizations/><resources>${ids
    .map(
      (id) =>
        `<resource identifier="${id}" type="imsqti_item_xmlv3p0" href="items/${id}.xml"><file href="items/${id}.xml"/></resource>`,
    )
    .join('')}</resources></manifest>
`;

/** A response, its key, and the markup that asks for it. */
interface Asked {
  readonly declarations: string;
  readonly body: string;
}

function itemOf(id: string, question: ForeignQuestion): string {
  const { declarations, body } = asked(question);
  const title = question.title || (question.text.split('\n')[0] ?? '').slice(0, 100) || id;
  return `<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item ${ITEM} identifier="${id}" title="${xmlText(title)}" adaptive="false" time-dependent="false">${declarations}<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/><qti-item-body>${body}</qti-item-body><qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/></qti-assessment-item>
`;
}

const paragraphs = (text: string): string =>
  text
    .split('\n')
    .map((line) => `<p>${xmlText(line)}</p>`)
    .join('');

function declaration(
  id: string,
  cardinality: string,
  baseType: string,
  correct: readonly string[],
  mapping: readonly (readonly [string, number])[] = [],
): string {
  const values = correct.map((value) => `<qti-value>${xmlText(value)}</qti-value>`).join('');
  const entries = mapping
    .map(([key, value]) => `<qti-map-entry map-key="${xmlText(key)}" mapped-value="${value}"/>`)
    .join('');
  return `<qti-response-declaration identifier="${id}" cardinality="${cardinality}" base-type="${baseType}">${values === '' ? '' : `<qti-correct-response>${values}</qti-correct-response>`}${entries === '' ? '' : `<qti-mapping default-value="0">${entries}</qti-mapping>`}</qti-response-declaration>`;
}

const choiceId = (index: number): string => `C${index + 1}`;
const R = 'RESPONSE';

function asked(question: ForeignQuestion): Asked {
  const { body, text } = question;
  switch (body.kind) {
    case 'choice':
      return choice(text, body.answers, body.several);
    case 'trueFalse':
      return choice(
        text,
        [
          { text: 'True', fraction: body.right ? 1 : 0 },
          { text: 'False', fraction: body.right ? 0 : 1 },
        ],
        false,
      );
    case 'short':
      return entry(text, 'string', body.answers);
    case 'number':
      return entry(
        text,
        'float',
        body.answers.map(({ value, fraction }) => ({ text: String(value), fraction })),
      );
    case 'ordering':
      return {
        declarations: declaration(
          R,
          'ordered',
          'identifier',
          body.items.map((_item, index) => choiceId(index)),
        ),
        body: `${paragraphs(text)}<qti-order-interaction response-identifier="${R}" shuffle="true">${simple(body.items)}</qti-order-interaction>`,
      };
    case 'matching':
      return matching(text, body.pairs, body.extra);
    case 'cloze':
      return cloze(text, body.gaps);
    case 'file':
      return {
        declarations: declaration(R, 'single', 'file', []),
        body: `${paragraphs(text)}<qti-upload-interaction response-identifier="${R}"/>`,
      };
    default:
      return {
        declarations: declaration(R, 'single', 'string', []),
        body: `${paragraphs(text)}<qti-extended-text-interaction response-identifier="${R}"/>`,
      };
  }
}

const simple = (texts: readonly string[], name = 'qti-simple-choice'): string =>
  texts.map((text, index) => `<${name} identifier="${choiceId(index)}">${xmlText(text)}</${name}>`).join('');

const isPartial = (answers: readonly ForeignAnswer[], several: boolean): boolean => {
  const shares = answers.filter(({ fraction }) => fraction !== 0).map(({ fraction }) => fraction);
  return (
    shares.some((fraction) => fraction < 0) ||
    (several ? new Set(shares.map((share) => share.toFixed(4))).size > 1 : shares.length > 1)
  );
};

function choice(text: string, answers: readonly ForeignAnswer[], several: boolean): Asked {
  const right = answers.flatMap(({ fraction }, index) =>
    (several ? fraction > 0 : fraction === 1) ? [choiceId(index)] : [],
  );
  const mapping = isPartial(answers, several)
    ? answers.map(({ fraction }, index) => [choiceId(index), fraction] as const)
    : [];
  return {
    declarations: declaration(R, several ? 'multiple' : 'single', 'identifier', right, mapping),
    body: `${paragraphs(text)}<qti-choice-interaction response-identifier="${R}" shuffle="true" max-choices="${several ? 0 : 1}">${simple(answers.map((answer) => answer.text))}</qti-choice-interaction>`,
  };
}

function entry(text: string, baseType: string, answers: readonly ForeignAnswer[]): Asked {
  const rights = answers.filter(({ fraction }) => fraction > 0);
  const mapping = rights.length > 1 ? rights.map((answer) => [answer.text, answer.fraction] as const) : [];
  return {
    declarations: declaration(
      R,
      'single',
      baseType,
      rights.slice(0, 1).map((answer) => answer.text),
      mapping,
    ),
    body: `${paragraphs(text)}<p><qti-text-entry-interaction response-identifier="${R}"/></p>`,
  };
}

function matching(
  text: string,
  pairs: readonly { readonly left: string; readonly right: string }[],
  extra: readonly string[],
): Asked {
  const rights = [...new Set([...pairs.map(({ right }) => right), ...extra])];
  const set = (prefix: string, texts: readonly string[], most: number): string =>
    `<qti-simple-match-set>${texts
      .map(
        (item, index) =>
          `<qti-simple-associable-choice identifier="${prefix}${index + 1}" match-max="${most}">${xmlText(item)}</qti-simple-associable-choice>`,
      )
      .join('')}</qti-simple-match-set>`;
  return {
    declarations: declaration(
      R,
      'multiple',
      'directedPair',
      pairs.map(({ right }, index) => `L${index + 1} R${rights.indexOf(right) + 1}`),
    ),
    body: `${paragraphs(text)}<qti-match-interaction response-identifier="${R}" shuffle="true" max-associations="${pairs.length}">${set(
      'L',
      pairs.map(({ left }) => left),
      1,
    )}${set('R', rights, pairs.length)}</qti-match-interaction>`,
  };
}

function cloze(text: string, gaps: readonly ForeignGap[]): Asked {
  const id = (index: number): string => `GAP${index + 1}`;
  const declarations = gaps.map((gap, index) => {
    if (gap.kind === 'choice')
      return declaration(
        id(index),
        'single',
        'identifier',
        gap.answers.flatMap(({ fraction }, at) => (fraction === 1 ? [choiceId(at)] : [])),
      );
    const keys: readonly ForeignAnswer[] =
      gap.kind === 'number'
        ? gap.answers.map(({ value, fraction }) => ({ text: String(value), fraction }))
        : gap.answers;
    const rights = keys.filter(({ fraction }) => fraction > 0);
    const mapping = rights.length > 1 ? rights.map((key) => [key.text, key.fraction] as const) : [];
    return declaration(
      id(index),
      'single',
      gap.kind === 'short' ? 'string' : 'float',
      rights.slice(0, 1).map((key) => key.text),
      mapping,
    );
  });
  const body = paragraphs(text).replace(/\{\{(\d+)\}\}/gu, (match, number: string) => {
    const index = Number(number) - 1;
    const gap = gaps[index];
    if (gap === undefined) return match;
    return gap.kind === 'choice'
      ? `<qti-inline-choice-interaction response-identifier="${id(index)}">${simple(
          gap.answers.map((answer) => answer.text),
          'qti-inline-choice',
        )}</qti-inline-choice-interaction>`
      : `<qti-text-entry-interaction response-identifier="${id(index)}"/>`;
  });
  return { declarations: declarations.join(''), body };
}
