/** Of the height of the field. */
export const LEAST_LINES = 2;
export const MOST_LINES = 60;
export const MOST_WORDS = 10_000;
