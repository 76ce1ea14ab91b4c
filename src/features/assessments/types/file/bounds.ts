/** Of an answer. */
export const MOST_FILES = 10;
