import type { ForeignBody } from '../../exchange/foreign.js';
import { contentIn, numberIn } from '../../exchange/formats/moodle-parts.js';
import { declaration, R } from '../../exchange/writers/qti3-parts.js';
import { firstOf } from '../../exchange/xml.js';
import type { TypeExchange } from '../type-exchange.js';
import { MOST_FILES } from './bounds.js';
import type { FileDefinition } from './file.js';

interface FileBody extends ForeignBody, Partial<Omit<FileDefinition, 'type'>> {
  readonly kind: 'file';
}

const isFile = (body: ForeignBody): body is FileBody => body.kind === 'file';

/** Above it Moodle knows any number alone. */
const MOODLE_FILES = 3;

const FILE: FileBody = { kind: 'file' };

export const exchange: TypeExchange<FileDefinition, FileBody> = {
  kind: 'file',
  take({ body }) {
    if (!isFile(body)) return null;
    const { kind: _kind, ...fields } = body;
    return { fields };
  },
  body: ({ type: _type, ...fields }) => ({ kind: 'file', ...fields }),
  key: () => [],
  moodle: {
    // An essay without a place to write.
    names: ['essay'],
    read(element, { plain }) {
      if (contentIn(element, 'responseformat') !== 'noinline') return null;
      const attachments = numberIn(element, 'attachments');
      // -1: any number of files.
      const mostFiles = attachments < 0 ? MOST_FILES : Math.min(MOST_FILES, Math.max(1, attachments || 1));
      return { body: { kind: 'file', mostFiles, notes: plain(firstOf(element, 'graderinfo')) } };
    },
    name: 'essay',
    write: ({ mostFiles = 1, notes = '' }, { text }) =>
      `<responseformat>noinline</responseformat><responserequired>0</responserequired><attachments>${mostFiles > MOODLE_FILES ? -1 : mostFiles}</attachments><attachmentsrequired>1</attachmentsrequired>${text('graderinfo', notes, 'plain_text')}<answer fraction="0"><text></text></answer>`,
  },
  qti: {
    read: ({ only }) => (only?.name === 'uploadInteraction' ? FILE : null),
    isAskedBelow: true,
    write: (_body, text) => ({
      declarations: declaration(R, 'single', 'file', []),
      body: `${text}<qti-upload-interaction response-identifier="${R}"/>`,
    }),
  },
  qti12: {
    read: ({ type }) => (type.includes('file_upload') && !type.includes('essay') ? FILE : null),
  },
  table: { names: ['файл', 'file'], read: () => FILE },
};
