/** What a person can do on a page that a sign-in link opens, beside reading it: the form's address below the page. */
const ACTIONS: readonly (readonly [page: RegExp, action: string])[] = [
  [/^questions\/[0-9a-f]{24}$/, 'messages'],
  [/^consultations\/slots\/[0-9a-f]{24}$/, 'bookings'],
];

/** Returns '' for a page that can only be read. @param page below the course */
export const linkedAction = (page: string): string =>
  ACTIONS.find(([pattern]) => pattern.test(page.replace(/\/$/, '')))?.[1] ?? '';
