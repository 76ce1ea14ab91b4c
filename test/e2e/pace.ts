/**
 * The pace of a person, in seconds: 0.3 a key (200 characters a minute), and for a click 1.1 to point, 0.2 to press and
 * 0.4 twice for the hand to the mouse and back. Time to think is not included.
 * The keystroke-level model, https://doi.org/10.1145/358886.358895
 */
export const SECONDS = { key: 0.3, click: 1.1 + 0.2 + 2 * 0.4 } as const;

/** With PACE=human walks are as slow as that, and say how long they took. */
export const IS_HUMAN = process.env.PACE === 'human';
export const [KEY_MS, CLICK_MS] = IS_HUMAN ? [SECONDS.key * 1000, SECONDS.click * 1000] : [0, 0];
