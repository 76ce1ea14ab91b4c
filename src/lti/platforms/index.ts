import { canvas } from './canvas.js';
import { genericOf } from './generic.js';
import { moodle } from './moodle.js';
import type { Platform, PlatformFacts } from './platform.js';

export type { Platform, PlatformAnswer, PlatformFacts } from './platform.js';

/** To support another LMS's peculiarity, add a file beside these and its name here. */
const KNOWN: readonly Platform[] = [moodle, canvas];

/** Holds for an LMS of which nothing is known yet. */
export const generic: Platform = genericOf(KNOWN);

/** Returns the first platform that recognises the registration or configuration; `generic` if none does. */
export const platformOf = (facts: PlatformFacts): Platform =>
  KNOWN.find((platform) => platform.recognises(facts)) ?? generic;
