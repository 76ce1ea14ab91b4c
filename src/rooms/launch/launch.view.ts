import type { ContentRef } from '../../shared/content.js';
import type { Choice } from './deep-linking.service.js';

/** The picker as the page and JSON show it; nothing of the platform's settings but what the person needs. */
export const pickerView = (choice: Choice, preset: ContentRef | undefined) => ({
  request: choice.request.id,
  several: choice.several,
  possible: choice.possible,
  shelves: choice.shelves.map(({ kind, items }) => ({
    kind: kind.kind,
    label: kind.label,
    createPath: kind.createPath ?? null,
    items: items.map((item) => ({
      ref: `${kind.kind}:${item.id}`,
      title: item.title,
      hint: item.hint ?? '',
      draft: item.draft === true,
      scoreMaximum: item.scoreMaximum ?? null,
      chosen: preset?.kind === kind.kind && preset.id === item.id,
    })),
  })),
});
