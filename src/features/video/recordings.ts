import type { XmlElement } from '@rgrove/parse-xml';
import { elementsIn, textIn } from './xml.js';

/** A recording of a meeting that people may watch. */
export interface Recording {
  readonly url: string;
  readonly startedAt: Date;
  readonly minutes: number;
}

/**
 * Returns the published recordings of an answer, the first begun first; each once, in the form the server names first.
 * https://docs.bigbluebutton.org/development/api#getrecordings
 */
export function recordingsIn(root: XmlElement | null): Recording[] {
  const found = elementsIn(elementsIn(root, 'recordings')[0] ?? null, 'recording');
  return found
    .flatMap((recording) => {
      const [format] = elementsIn(elementsIn(recording, 'playback')[0] ?? null, 'format');
      const url = textIn(format ?? null, 'url').trim();
      const startedAt = new Date(Number(textIn(recording, 'startTime')));
      const shown =
        textIn(recording, 'published') === 'true' && /^https?:\/\//.test(url) && URL.canParse(url);
      if (!shown || Number.isNaN(startedAt.getTime())) return [];
      return [{ url, startedAt, minutes: Number(textIn(format ?? null, 'length')) || 0 }];
    })
    .sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
}
