import type { QuestionContent } from '../bank/questions.store.js';
import type { EmbeddedFile, QuestionFiles, StoredMedia } from '../bank/question-files.service.js';
import { MEDIA } from '../bank/rich-text.js';

/*
 * Files inside a file of questions. Readers leave `embedded/<n>` where one belongs, n being its place among the
 * file's files; it becomes the id of a file of the bank once that is stored.
 */

/** Width and height of a picture of which the file says nothing: they are set when it is stored. */
export const UNMEASURED = 1;

/** Collects the files that questions refer to, each once. */
export interface Embedded {
  readonly files: EmbeddedFile[];
  /** Returns the reference to a file, as texts and definitions hold it. @param key the same for the same content */
  readonly add: (key: string, name: string, bytes: () => Buffer) => string;
}

export function collectEmbedded(): Embedded {
  const files: EmbeddedFile[] = [];
  const known = new Map<string, string>();
  return {
    files,
    add(key, name, bytes) {
      const before = known.get(key);
      if (before !== undefined) return before;
      const reference = `embedded/${files.push({ name: baseName(name), bytes: bytes() }) - 1}`;
      known.set(key, reference);
      return reference;
    },
  };
}

const baseName = (path: string): string => path.split('/').at(-1) ?? path;

/** `![what it shows](embedded/3)` */
const REFERENCE = /!\[([^\]\n]{0,300})\]\(embedded\/(\d{1,5})\)/gu;
const ATTRIBUTE = /(<(?:img|audio)[^>]*? src=")embedded\/(\d{1,5})"/gu;

/** Sets the place of an embedded file as a text has it. */
export const embeddedText = (reference: string, alt: string): string =>
  `![${alt
    .replace(/[[\]\s]+/gu, ' ')
    .trim()
    .slice(0, 200)}](${reference})`;

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
  if (definition.type !== 'hotspot' && definition.type !== 'dragimage') return content;
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

/** A text of the bank without its files, for formats that hold none. */
export const withoutMedia = (text: string): { text: string; hadMedia: boolean } => {
  const bare = text.replace(MEDIA, (_match, alt: string) => alt);
  return { text: bare, hadMedia: bare !== text };
};
