import type { Migration } from './migration.js';

/**
 * Where counting begins: databases made by 0.1.0 and before are as this version expects them, and new ones are
 * empty. From here on every database says which changes it has seen.
 */
export const baseline: Migration = {
  number: 1,
  name: 'baseline',
  up: () => Promise.resolve(),
};
