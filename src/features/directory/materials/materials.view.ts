import { richText } from '../../../web/rich-text.js';
import { fullName } from '../../../shared/names.js';
import type { Card } from '../cards/card.js';
import type { Material, MaterialContent } from './material.js';
import { videoPlayer } from './video.js';

/** A line of a list of materials. */
export const materialRow = (material: Material, card: Pick<Card, 'slug' | 'name'> | null) => ({
  key: material.key,
  title: material.title,
  kind: material.kind,
  topic: material.topic,
  audience: material.audience,
  updatedAt: material.updatedAt,
  teacher: card && { slug: card.slug, fullName: fullName(card.name) },
});

const KILOBYTE = 1024;

const fileView = ({ file }: Pick<MaterialContent, 'file'>) =>
  file && {
    path: `files/${file.fileId}`,
    name: file.name,
    kilobytes: Math.max(1, Math.round(file.size / KILOBYTE)),
  };

/** @param edits whether the reader may change it, and sees earlier versions */
export const materialView = (material: Material, card: Card, edits: boolean) => ({
  ...materialRow(material, card),
  programme: material.programme,
  description: material.description,
  text: material.text,
  textHtml: richText(material.text),
  tasks: material.tasks,
  tasksHtml: richText(material.tasks),
  url: material.url,
  player: material.kind === 'video' ? videoPlayer(material.url) : null,
  file: fileView(material),
  sources: material.sources,
  previous: edits
    ? [...material.previous].reverse().map((version) => ({
        version: version.version,
        at: version.at,
        kind: version.kind,
        url: version.url,
        text: version.text,
        file: fileView(version),
      }))
    : [],
});

export type MaterialView = ReturnType<typeof materialView>;

/** A material's fields as its form carries them. */
export const materialValues = (material: Material | null): Record<string, string> => ({
  title: material?.title ?? '',
  kind: material?.kind ?? 'file',
  topic: material?.topic ?? '',
  programme: material?.programme ?? '',
  description: material?.description ?? '',
  url: material?.url ?? '',
  text: material?.text ?? '',
  tasks: material?.tasks ?? '',
  sources: (material?.sources ?? [])
    .map(({ citation, url }) => (url === '' || url === citation ? citation : `${citation} ${url}`))
    .join('\n'),
  audience: material?.audience ?? 'students',
});
