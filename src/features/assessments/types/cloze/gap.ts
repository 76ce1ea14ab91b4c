import { z } from 'zod';
import { isWithin, numberFrom, numberText, weighted, weightedLine } from '../numbers.js';
import { matches, normalised } from '../words.js';

/** A gap of a cloze question. */
export type Gap =
  | {
      readonly kind: 'short';
      readonly accepted: readonly { readonly text: string; readonly fraction: number }[];
    }
  | { readonly kind: 'numerical'; readonly value: number; readonly tolerance: number }
  | {
      readonly kind: 'choice';
      readonly options: readonly { readonly text: string; readonly fraction: number }[];
    };

const worth = z.object({ text: z.string().min(1).max(500), fraction: z.number().min(0).max(1) });

/** For JSON clients and importers, which need not write the markup. */
export const gapSchema: z.ZodType<Gap> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('short'), accepted: z.array(worth).min(1).max(50) }),
  z.object({ kind: z.literal('numerical'), value: z.number(), tolerance: z.number().min(0) }),
  z.object({ kind: z.literal('choice'), options: z.array(worth).min(2).max(30) }),
]);

/**
 * Reads what stands between the brackets: `Москва | 50 % Питер` is typed, `# 3,14 ± 0,01` is a number,
 * `+да / нет` is chosen. Returns null if it cannot be read.
 */
export function readGap(inside: string): Gap | null {
  if (inside.startsWith('#')) {
    const [value = '', tolerance = '0'] = inside.slice(1).split(/±|\+-/u);
    const read = { value: numberFrom(value), tolerance: numberFrom(tolerance) };
    if (read.value === null || read.tolerance === null || read.tolerance < 0) return null;
    return { kind: 'numerical', value: read.value, tolerance: read.tolerance };
  }
  const choices = inside.split(/\s\/\s|\/(?=\s)|(?<=\s)\//u).map((part) => part.trim());
  if (choices.length > 1 && choices.some((part) => part.startsWith('+'))) {
    const options = choices.map((part) =>
      part.startsWith('+') ? { text: part.slice(1).trim(), fraction: 1 } : partWorth(part),
    );
    return options.some(({ text }) => text === '') ? null : { kind: 'choice', options };
  }
  const accepted = inside
    .split('|')
    .map((part) => weighted(part.trim()))
    .filter(({ text }) => text !== '');
  return accepted.length === 0 ? null : { kind: 'short', accepted };
}

const partWorth = (part: string) => {
  const { text, fraction } = weighted(part);
  return { text, fraction: fraction === 1 ? 0 : fraction };
};

/** The way back from `readGap`. */
export function writeGap(gap: Gap): string {
  switch (gap.kind) {
    case 'numerical':
      return `# ${numberText(gap.value)}${gap.tolerance > 0 ? ` ± ${numberText(gap.tolerance)}` : ''}`;
    case 'choice':
      return gap.options
        .map(({ text, fraction }) =>
          fraction === 1 ? `+${text}` : fraction === 0 ? text : weightedLine(text, fraction),
        )
        .join(' / ');
    case 'short':
      return gap.accepted.map(({ text, fraction }) => weightedLine(text, fraction)).join(' | ');
  }
}

/** @param response as stored: text, or the index of the chosen option; '' for none */
export function gapFraction(gap: Gap, response: string): number {
  if (response === '') return 0;
  switch (gap.kind) {
    case 'numerical': {
      const given = numberFrom(response);
      return given !== null && isWithin(given, gap.value, gap.tolerance, 'absolute') ? 1 : 0;
    }
    case 'choice':
      return gap.options[Number(response)]?.fraction ?? 0;
    case 'short': {
      const given = normalised(response, false);
      const fitting = gap.accepted.filter(({ text }) => matches(normalised(text, false), given));
      return Math.max(0, ...fitting.map(({ fraction }) => fraction));
    }
  }
}

/** What is right, in words. */
export function gapKey(gap: Gap): string {
  switch (gap.kind) {
    case 'numerical':
      return `${numberText(gap.value)}${gap.tolerance > 0 ? ` ± ${numberText(gap.tolerance)}` : ''}`;
    case 'choice':
      return gap.options.find(({ fraction }) => fraction === 1)?.text ?? '';
    case 'short':
      return gap.accepted.find(({ fraction }) => fraction === 1)?.text ?? '';
  }
}
