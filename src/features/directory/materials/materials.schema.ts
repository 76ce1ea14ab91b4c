import { z } from 'zod';
import { line, list, optionalAddress, optionalLine, text, whole } from '../../../web/parse.js';
import { MATERIAL_AUDIENCES, MATERIAL_KINDS, type Source } from './material.js';
import { videoPlayer } from './video.js';

const MOST_SOURCES = 40;
const MOST_TESTS = 10;

/** One source a line; an address at its end becomes a link. */
const sources = z
  .preprocess((given) => (Array.isArray(given) ? given.join('\n') : given), text(10_000))
  .transform((given): Source[] =>
    given
      .split('\n')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => {
        const url = /https?:\/\/\S+$/i.exec(entry)?.[0] ?? '';
        const safe = url !== '' && URL.canParse(url);
        return safe
          ? { citation: entry.slice(0, -url.length).trim() || url, url }
          : { citation: entry, url: '' };
      }),
  )
  .refine((given) => given.length <= MOST_SOURCES, 'errors.field.tooBig');

const content = z.strictObject({
  title: line(200),
  kind: z.enum(MATERIAL_KINDS),
  topic: optionalLine(100),
  programme: optionalLine(300),
  description: text(3_000),
  url: optionalAddress(1_000),
  text: text(50_000),
  tasks: text(10_000),
  sources,
  /** Ids of tests of the course; absent: those that are linked stay. */
  tests: list(z.union([z.literal(''), z.string().regex(/^[0-9a-f]{24}$/)]))
    .transform((given) => given.filter((id) => id !== ''))
    .refine((given) => given.length <= MOST_TESTS, 'errors.field.tooBig')
    .optional(),
  audience: z.enum(MATERIAL_AUDIENCES).default('students'),
});

const complete = (given: z.output<typeof content>, context: z.RefinementCtx): void => {
  const fault = (name: 'url' | 'text', message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (given.kind === 'text' && given.text === '') fault('text', 'errors.field.missing');
  if ((given.kind === 'link' || given.kind === 'video') && given.url === '')
    fault('url', 'errors.field.missing');
  if (given.kind === 'video' && given.url !== '' && videoPlayer(given.url) === null)
    fault('url', 'errors.field.videoHost');
};

export const newMaterial = content.superRefine(complete);
export const changedMaterial = content.extend({ version: whole(1, 1_000_000_000) }).superRefine(complete);

export const materialsQuery = z.object({
  q: optionalLine(100),
  topic: optionalLine(100),
  page: whole(1, 1_000_000).default(1),
});

/** What a form says of a material, without its file. */
export type MaterialInput = z.output<typeof content>;

/** A material's key as it comes in an address. */
export const isMaterialKey = (given: unknown): given is string =>
  typeof given === 'string' && /^[a-z0-9-]{1,100}$/.test(given);
