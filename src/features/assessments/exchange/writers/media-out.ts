import type { QuestionContent } from '../../bank/questions.store.js';
import { filesIn } from '../../bank/files-in.js';
import type { QuestionFiles, StoredBytes } from '../../bank/question-files.service.js';
import { MEDIA } from '../../bank/rich-text.js';

/** A picture or recording on its way into a file of questions. */
export interface MediaOut extends StoredBytes {
  readonly id: string;
  /** Its name in the file: of its own. */
  readonly fileName: string;
}

export type MediaById = ReadonlyMap<string, MediaOut>;

const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/svg+xml': 'svg',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/mp4': 'm4a',
};

/** The files of these questions; those that are gone are missing. */
export async function mediaOf(
  contents: readonly QuestionContent[],
  files: Pick<QuestionFiles, 'read'>,
): Promise<MediaById> {
  const found = await files.read([...new Set(contents.flatMap(filesIn))]);
  return new Map(
    [...found].map(([id, file]) => {
      const ending = ENDINGS[file.type] ?? /\.(\w{1,5})$/u.exec(file.name)?.[1] ?? 'bin';
      return [id, { ...file, id, fileName: `${id}.${ending}` }];
    }),
  );
}

const attribute = (text: string): string => text.replace(/&/gu, '&amp;').replace(/"/gu, '&quot;');

/**
 * HTML in which pictures and recordings have their addresses in the file.
 * @param html of a plain text: with the marks of the bank; or HTML of the bank
 * @param address of a file where the text stands
 */
export function withAddresses(html: string, media: MediaById, address: (file: MediaOut) => string): string {
  return html
    .replace(MEDIA, (_match, alt: string, id: string, audio?: string) => {
      const file = media.get(id);
      if (file === undefined) return alt;
      // The text is HTML already: what is shown is escaped.
      return audio
        ? `<audio controls="controls" title="${alt}" src="${attribute(address(file))}"></audio>`
        : `<img src="${attribute(address(file))}" alt="${alt}" />`;
    })
    .replace(/ src="(?:\/(?:c\/[a-z0-9]{1,20}\/)?)?files\/([a-z2-9]{20})"/gu, (match, id: string) => {
      const file = media.get(id);
      return file === undefined ? match : ` src="${attribute(address(file))}"`;
    });
}
