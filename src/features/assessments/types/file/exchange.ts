import type { ForeignBody } from '../../exchange/foreign.js';
import { contentIn } from '../../exchange/formats/moodle-parts.js';
import { declaration, R } from '../../exchange/writers/qti3-parts.js';
import type { TypeExchange } from '../type-exchange.js';
import type { FileDefinition } from './file.js';

interface FileBody extends ForeignBody {
  readonly kind: 'file';
}

const FILE: FileBody = { kind: 'file' };

export const exchange: TypeExchange<FileDefinition, FileBody> = {
  kind: 'file',
  take: ({ body }) => (body.kind === 'file' ? { fields: {} } : null),
  body: () => FILE,
  key: () => [],
  moodle: {
    // An essay without a place to write.
    names: ['essay'],
    read: (element) => (contentIn(element, 'responseformat') === 'noinline' ? { body: FILE } : null),
    name: 'essay',
    write: () =>
      '<responseformat>noinline</responseformat><attachments>1</attachments><answer fraction="0"><text></text></answer>',
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
