import type * as Yazl from 'yazl';
import { lazyPackage } from '../../../../shared/lazy-package.js';
import type { ForeignQuestion } from '../foreign.js';
import { htmlIn, nameInFile, xmlText } from './escape.js';
import { asked } from './qti3-items.js';
import { withAddresses, type MediaById } from './media-out.js';

const yazl = lazyPackage<typeof Yazl>('yazl');

const NAMESPACE =
  'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsglobal.org/xsd/imsqtiasi_v3p0 https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"';

/** A QTI 3 content package: a manifest and an item for each question. https://www.imsglobal.org/spec/qti/v3p0/impl */
export async function writeQtiPackage(
  questions: readonly ForeignQuestion[],
  media: MediaById = new Map(),
): Promise<Buffer> {
  const zip = new (yazl().ZipFile)();
  const items = questions.map((question, index) => ({
    id: `item-${String(index + 1).padStart(4, '0')}`,
    question,
  }));
  const at = new Date(0);
  const names = [...media.values()].map(({ fileName }) => `media/${fileName}`);
  zip.addBuffer(
    Buffer.from(
      manifest(
        items.map(({ id }) => id),
        names,
      ),
    ),
    'imsmanifest.xml',
    { mtime: at },
  );
  for (const { fileName, bytes } of media.values()) zip.addBuffer(bytes, `media/${fileName}`, { mtime: at });
  for (const { id, question } of items)
    zip.addBuffer(Buffer.from(itemOf(id, question, media)), `items/${id}.xml`, { mtime: at });
  zip.addBuffer(Buffer.from(testOf(items)), TEST, { mtime: at });
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

const TEST = 'test.xml';

interface Item {
  readonly id: string;
  readonly question: ForeignQuestion;
}

/** The points stand in a test: an item of a template is worth one. */
const testOf = (items: readonly Item[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-test ${NAMESPACE} identifier="test" title="questions"><qti-test-part identifier="part" navigation-mode="nonlinear" submission-mode="simultaneous"><qti-assessment-section identifier="section" title="questions" visible="false">${items
    .map(
      ({ id, question: { mark } }) =>
        `<qti-assessment-item-ref identifier="${id}" href="items/${id}.xml"><qti-weight identifier="POINTS" value="${mark}"/></qti-assessment-item-ref>`,
    )
    .join('')}</qti-assessment-section></qti-test-part></qti-assessment-test>
`;

const manifest = (ids: readonly string[], media: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="questions"><metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion></metadata><organizations/><resources><resource identifier="test" type="imsqti_test_xmlv3p0" href="${TEST}"><file href="${TEST}"/></resource>${ids
    .map(
      (id) =>
        `<resource identifier="${id}" type="imsqti_item_xmlv3p0" href="items/${id}.xml"><file href="items/${id}.xml"/></resource>`,
    )
    .join('')}${media
    .map(
      (name, index) =>
        `<resource identifier="media-${index + 1}" type="webcontent" href="${name}"><file href="${name}"/></resource>`,
    )
    .join('')}</resources></manifest>
`;

function itemOf(id: string, question: ForeignQuestion, media: MediaById): string {
  const written = asked(question, media);
  const { declarations } = written;
  const body = withAddresses(written.body, media, ({ fileName }) => `../media/${fileName}`);
  const template = written.declarations.includes('<qti-mapping ') ? 'map_response' : 'match_correct';
  const feedback = feedbackOf(question, media);
  const title = nameInFile(question) || id;
  return `<?xml version="1.0" encoding="UTF-8"?>
<qti-assessment-item ${NAMESPACE} identifier="${id}" title="${xmlText(title)}" adaptive="false" time-dependent="false">${declarations}<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>${feedback.outcome}<qti-item-body>${body}</qti-item-body><qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/${template}.xml"/>${feedback.shown}</qti-assessment-item>
`;
}

/** Feedback that is shown whatever was answered. */
function feedbackOf(
  { feedback, format }: ForeignQuestion,
  media: MediaById,
): { readonly outcome: string; readonly shown: string } {
  if (feedback === '') return { outcome: '', shown: '' };
  const html = withAddresses(htmlIn(feedback, format), media, ({ fileName }) => `../media/${fileName}`);
  return {
    outcome:
      '<qti-outcome-declaration identifier="FEEDBACK" cardinality="single" base-type="identifier"><qti-default-value><qti-value>general</qti-value></qti-default-value></qti-outcome-declaration>',
    shown: `<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="general" show-hide="show"><qti-content-body>${html}</qti-content-body></qti-modal-feedback>`,
  };
}
