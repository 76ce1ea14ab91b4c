import { MINUTE, type Clock } from '../shared/clock.js';

/** A token bucket: a burst, and a steady rate per minute. */
export interface Limit {
  readonly burst: number;
  readonly perMinute: number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Above it the bucket that was not used for the longest time is dropped, so that memory is bounded. */
const MAX_BUCKETS = 50_000;

export interface Buckets {
  /** Number of buckets in memory. */
  readonly size: number;
  /** Returns null if a token is left, else the seconds until one is. */
  wait(key: string): number | null;
  /** Takes a token. Returns null, or the seconds until one is available if none was left. */
  take(key: string): number | null;
}

/**
 * Makes token buckets in this process's memory, by name. Each process has its own: they keep one visitor from
 * overloading the application. Attempts at passwords are counted in the database instead.
 */
export function createBuckets({ burst, perMinute }: Limit, clock: Clock, max = MAX_BUCKETS): Buckets {
  const buckets = new Map<string, Bucket>();

  function filled(key: string): Bucket {
    const now = clock.now().getTime();
    const bucket = buckets.get(key) ?? { left: burst, at: now };
    // A clock that was put back takes no tokens away.
    const passed = Math.max(0, now - bucket.at);
    bucket.left = Math.min(burst, bucket.left + (passed / MINUTE) * perMinute);
    bucket.at = now;
    return bucket;
  }

  const pause = ({ left }: Bucket): number => Math.max(1, Math.ceil(((1 - left) / perMinute) * 60));

  return {
    wait(key: string): number | null {
      if (!buckets.has(key)) return null;
      const bucket = filled(key);
      return bucket.left >= 1 ? null : pause(bucket);
    },
    take(key: string): number | null {
      const bucket = filled(key);
      // Moves the bucket to the end: the map is ordered by last use.
      buckets.delete(key);
      buckets.set(key, bucket);
      const oldest = buckets.size > max ? buckets.keys().next().value : undefined;
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
