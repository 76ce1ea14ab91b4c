import { oneLine } from '../../shared/lines.js';

const LONGEST = 150;

/**
 * What a file is called when it is shown and downloaded: one line without the characters that separate folders or
 * that systems do not take in names, and not too long; its extension is kept.
 */
export function fileName(uploaded: string): string {
  const name = oneLine(uploaded)
    .replace(/\p{Cs}/gu, '_')
    .replace(/^.*[/\\]/, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^\.+/, '')
    .trim();
  if (name.length <= LONGEST) return name;
  const extension = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return name.slice(0, LONGEST - extension.length).replace(/\p{Cs}/gu, '') + extension;
}
