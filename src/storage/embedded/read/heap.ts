interface Head<T> {
  readonly run: readonly T[];
  at: number;
  value: T;
}

/** Merges runs that are each in order: a binary heap of their first items. */
export class Heap<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #heads: Head<T>[] = [];

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  add(run: readonly T[]): void {
    const [value] = run;
    if (value === undefined) return;
    this.#heads.push({ run, at: 0, value });
    let child = this.#heads.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfLess(child, parent)) return;
      child = parent;
    }
  }

  /** The least item of all; undefined when there are no more. */
  take(): T | undefined {
    const [head] = this.#heads;
    if (!head) return undefined;
    const { value } = head;
    const next = head.run[++head.at];
    if (next === undefined) {
      const last = this.#heads.pop();
      if (last && last !== head) this.#heads[0] = last;
    } else {
      head.value = next;
    }
    this.#sink();
    return value;
  }

  #sink(): void {
    for (let parent = 0; ;) {
      const left = parent * 2 + 1;
      const right = left + 1;
      const child = this.#isLess(right, left) ? right : left;
      if (!this.#swapIfLess(child, parent)) return;
      parent = child;
    }
  }

  #isLess(a: number, b: number): boolean {
    const [item, other] = [this.#heads[a], this.#heads[b]];
    return item !== undefined && other !== undefined && this.#compare(item.value, other.value) < 0;
  }

  #swapIfLess(a: number, b: number): boolean {
    const [item, other] = [this.#heads[a], this.#heads[b]];
    if (!item || !other || this.#compare(item.value, other.value) >= 0) return false;
    this.#heads[a] = other;
    this.#heads[b] = item;
    return true;
  }
}
