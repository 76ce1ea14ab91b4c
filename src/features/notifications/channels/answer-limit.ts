import { MINUTE, msSince, type Clock } from '../../../shared/clock.js';

/** A bot answers one address no more often: a flood of commands costs the provider's limit. */
const ANSWERS = { most: 6, per: MINUTE };
const MOST_REMEMBERED = 10_000;

/** Returns false once this key was answered too often within a minute. */
export type AnswerLimit = (key: string) => boolean;

/** Counts in this process: a flood comes by one connection. */
export function createAnswerLimit(clock: Clock): AnswerLimit {
  const answered = new Map<string, number[]>();
  return (key) => {
    const now = clock.now().getTime();
    const recent = (answered.get(key) ?? []).filter((at) => msSince(at, now) < ANSWERS.per);
    if (answered.size > MOST_REMEMBERED) answered.clear();
    answered.set(key, [...recent, now].slice(-ANSWERS.most));
    return recent.length < ANSWERS.most;
  };
}
