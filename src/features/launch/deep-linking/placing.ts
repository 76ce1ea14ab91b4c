import type { ContentItem as PlacedItem } from '../../../lti/index.js';
import { columnKey, customOf, type ContentItem, type ContentKind } from '../../../shared/content.js';
import type { DeepLinkRequest } from './deep-link-requests.store.js';

/** What things of ours become in a Deep Linking answer. Pure. */

type Settings = DeepLinkRequest['settings'];

/** What an item is called in the course, and said of it; '' keeps its own. */
export interface Naming {
  readonly title: string;
  readonly text: string;
}

/** A window of its own, where the platform offers no frame. */
function presentation({ accept_presentation_document_targets: targets }: Settings) {
  const framed = targets.length === 0 || targets.includes('iframe') || targets.includes('frame');
  return !framed && targets.includes('window') ? { window: { targetName: 'nastavnik' } } : {};
}

/** Where everybody reads it: `link` of Deep Linking 2.0, section 3.1. */
export const toOpenLink = (url: string, item: ContentItem, settings: Settings): PlacedItem => ({
  type: 'link',
  url,
  title: item.title,
  ...(item.description !== undefined && { text: item.description }),
  ...presentation(settings),
});

/**
 * A link that is launched, with dates and its gradebook column where it has them: section 3.2.
 * @param review what a button says that opens a student's work
 */
export function toResourceLink(
  kind: ContentKind,
  item: ContentItem,
  settings: Settings,
  review: string,
): PlacedItem {
  const withLineItem = settings.accept_lineitem !== false;
  const startDateTime = item.opensAt?.toISOString();
  const endDateTime = item.closesAt?.toISOString();
  const ref = { kind: kind.kind, id: item.id };
  return {
    type: 'ltiResourceLink',
    title: item.title,
    ...(item.description !== undefined && { text: item.description }),
    custom: customOf(ref),
    ...(startDateTime !== undefined && { available: { startDateTime } }),
    ...((startDateTime ?? endDateTime) !== undefined && {
      submission: {
        ...(startDateTime !== undefined && { startDateTime }),
        ...(endDateTime !== undefined && { endDateTime }),
      },
    }),
    ...presentation(settings),
    ...(withLineItem &&
      item.scoreMaximum !== undefined &&
      item.scoreMaximum > 0 && {
        lineItem: {
          scoreMaximum: item.scoreMaximum,
          label: item.title,
          ...columnKey(ref),
          ...(kind.reviewPath && { review: { label: review } }),
        },
      }),
  };
}
