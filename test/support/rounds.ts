/**
 * Returns how many rounds a crash or fuzz test does: `usual` in `npm test`, `long` in `npm run test:long`.
 */
export const rounds = (usual: number, long: number): number =>
  process.env.LONG_TESTS === '1' ? long : usual;
