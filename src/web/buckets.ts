import { MINUTE, type Clock } from '../shared/clock.js';

/** So many at once, and so many a minute for as long as it goes on. */
export interface Limit {
  readonly burst: number;
  readonly perMinute: number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Beyond it the one that was quiet for the longest is forgotten: memory is bounded, whoever comes. */
const MOST = 50_000;

/**
 * Token buckets in this process's memory, by name. Several processes allow each their own: a limit here keeps one
 * visitor from wearing the application down, and is no lock (tries at passwords are counted in the database).
 */
export function createBuckets({ burst, perMinute }: Limit, clock: Clock, most = MOST) {
  const buckets = new Map<string, Bucket>();

  function filled(key: string): Bucket {
    const now = clock.now().getTime();
    const bucket = buckets.get(key) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / MINUTE) * perMinute);
    bucket.at = now;
    return bucket;
  }

  const pause = ({ left }: Bucket): number => Math.max(1, Math.ceil(((1 - left) / perMinute) * 60));

  return {
    /** @returns null while there is something left; else seconds until there is */
    wait(key: string): number | null {
      if (!buckets.has(key)) return null;
      const bucket = filled(key);
      return bucket.left >= 1 ? null : pause(bucket);
    },
    /** Takes one. @returns null, or where there was none left, seconds until there is */
    take(key: string): number | null {
      const bucket = filled(key);
      // To the end of the line: the map's order is that of the last takes.
      buckets.delete(key);
      buckets.set(key, bucket);
      const oldest = buckets.size > most ? buckets.keys().next().value : undefined;
      if (oldest !== undefined) buckets.delete(oldest);
      if (bucket.left < 1) return pause(bucket);
      bucket.left -= 1;
      return null;
    },
    get size(): number {
      return buckets.size;
    },
  };
}

export type Buckets = ReturnType<typeof createBuckets>;
