/**
 * `overdue`: the time is over, and the attempt may still be handed in as it stands. `submitted`: waits for a person's
 * marks; `marking`: has some of them; `marked`: has all. `abandoned`: the time was over before it was handed in, so it
 * has no score.
 */
export type AttemptState = 'inProgress' | 'overdue' | 'submitted' | 'marking' | 'marked' | 'abandoned';

export const OPEN_STATES = ['inProgress', 'overdue'] as const satisfies readonly AttemptState[];
export const FINISHED_STATES = ['submitted', 'marking', 'marked'] as const satisfies readonly AttemptState[];
