import { z } from 'zod';
import { text, whole } from '../../../../web/parse.js';
import { nothingAssigned, type QuestionType } from '../type.js';
import { MOST_FILES } from './bounds.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** One file or several, marked by a person. */
export interface FileDefinition {
  readonly type: 'file';
  readonly mostFiles: number;
  /** For those who mark. */
  readonly notes: string;
}

const schema = z.object({
  mostFiles: z.preprocess((sent) => (sent === '' || sent === undefined ? 1 : sent), whole(1, MOST_FILES)),
  notes: text(5_000),
});

/** A response holds the ids of the files (`infra/files`), first to last. A page of its own takes the files. */
export const file: QuestionType<FileDefinition, readonly string[]> = {
  definition: schema.transform((fields) => ({ type: 'file' as const, ...fields })),
  fields: ({ mostFiles, notes }) => ({ mostFiles: String(mostFiles), notes }),
  deal: nothingAssigned,
  read({ mostFiles }, sent) {
    const fits = sent.length <= mostFiles && sent.every((id) => /^[a-z2-9]{20}$/.test(id));
    return { fits, response: fits && sent.length > 0 ? [...sent] : null };
  },
  sent: (_definition, _assigned, response) => [...(response ?? [])],
  fraction: (_definition, response) => (response === null ? 0 : null),
  answering: ({ mostFiles }, _assigned, response) => ({ files: response ?? [], mostFiles }),
  review: (_definition, _assigned, response) => ({ files: response ?? [] }),
  words: (_definition, response) => [...response],
  byHand: true,
  mostFiles: ({ mostFiles }) => mostFiles,
  exchange,
  texts,
};
