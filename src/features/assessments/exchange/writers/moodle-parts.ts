import type { ForeignAnswer } from '../foreign.js';
import { percent } from './escape.js';

/** Writes an element of a text. */
export type Text = (name: string, value: string, format?: 'html' | 'plain_text') => string;

export interface MoodleWriting {
  readonly text: Text;
  /** The element with the file of this id; '' where it is gone. */
  readonly file: (id: string) => string;
}

/** An element of a text with more in it. @param more markup before its end */
export const withMore = (element: string, name: string, more: string): string =>
  `${element.slice(0, -`</${name}>`.length)}${more}</${name}>`;

export const answer = (
  { text: value, fraction, feedback = '' }: ForeignAnswer,
  text: Text,
  format: 'html' | 'plain_text',
): string =>
  `<answer fraction="${percent(fraction)}"${withMore(text('answer', value, format), 'answer', text('feedback', feedback)).slice('<answer'.length)}`;
