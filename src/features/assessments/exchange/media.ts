import type { QuestionContent } from '../bank/questions.store.js';
import type { EmbeddedFile, QuestionFiles, StoredMedia } from '../bank/question-files.service.js';
import { isOnPicture } from '../types/index.js';
import { UNMEASURED } from './embedded.js';

/*
 * Files inside a file of questions. Readers leave `embedded/<n>` where one belongs, n being its place among the
 * file's files; it becomes the id of a file of the bank once that is stored.
 */

/** `![what it shows](embedded/3)` */
const REFERENCE = /!\[([^\]\n]{0,300})\]\(embedded\/(\d{1,5})\)/gu;
const ATTRIBUTE = /(<(?:img|audio)[^>]*? src=")embedded\/(\d{1,5})"/gu;

/** Numbers of the embedded files that a question refers to. */
export const embeddedIn = (content: QuestionContent): number[] => [
  ...new Set(
    [...JSON.stringify(content).matchAll(/embedded\/(\d{1,5})/gu)].map(([, index]) => Number(index)),
  ),
];

/** Stores embedded files when a question first refers to them. */
export interface MediaPlacement {
  /** Ids of what was stored. */
  readonly ids: readonly string[];
  /** The question with its files in the bank, and the names of those that could not be kept. */
  place(content: QuestionContent): Promise<{ content: QuestionContent; lost: string[] }>;
}

/** @param media null where there is no place for files, as in the terminal */
export function keepMedia(
  media: Pick<QuestionFiles, 'keep'> | null,
  files: readonly EmbeddedFile[],
  owner: { readonly courseId: string; readonly personId: string },
): MediaPlacement {
  const stored = new Map<number, StoredMedia | null>();
  const ids: string[] = [];

  async function keep(index: number): Promise<StoredMedia | null> {
    const before = stored.get(index);
    if (before !== undefined) return before;
    const file = files[index];
    const kept =
      media === null || file === undefined ? null : await media.keep(owner.courseId, owner.personId, file);
    stored.set(index, kept);
    if (kept !== null) ids.push(kept.id);
    return kept;
  }

  return {
    ids,
    async place(content) {
      const lost: string[] = [];
      for (const index of embeddedIn(content)) {
        if ((await keep(index)) === null) lost.push(files[index]?.name ?? String(index));
      }
      const find: Find = (index) => stored.get(index) ?? null;
      return { content: replaced(measured(content, find), find), lost };
    },
  };
}

type Find = (index: number) => StoredMedia | null;

/** Sets the size of a picture that is asked about where the file does not say it. */
function measured(content: QuestionContent, find: Find): QuestionContent {
  const { definition } = content;
  if (!isOnPicture(definition)) return content;
  const index = /^embedded\/(\d{1,5})$/u.exec(definition.image)?.[1];
  const size = index === undefined ? null : find(Number(index))?.size;
  if (!size || definition.width !== UNMEASURED) return content;
  return { ...content, definition: { ...definition, ...size } };
}

/** The same structure with every text changed. */
function replaced<T>(value: T, find: Find): T {
  if (typeof value === 'string') return replacedText(value, find) as T;
  if (Array.isArray(value)) return value.map((item) => replaced<unknown>(item, find)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaced<unknown>(item, find)]),
  ) as T;
}

const replacedText = (text: string, find: Find): string => {
  const whole = /^embedded\/(\d{1,5})$/u.exec(text);
  if (whole) return find(Number(whole[1]))?.id ?? '';
  return text
    .replace(REFERENCE, (_match, alt: string, index: string) => {
      const media = find(Number(index));
      return media === null ? alt : `![${alt}](files/${media.id}${media.isAudio ? '#audio' : ''})`;
    })
    .replace(ATTRIBUTE, (_match, before: string, index: string) => {
      const media = find(Number(index));
      return media === null ? `${before}"` : `${before}files/${media.id}"`;
    });
};
