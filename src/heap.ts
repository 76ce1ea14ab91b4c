import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/*
 * How far V8 lets its heap grow before it collects garbage. Left alone it takes two thirds more: 10,000 lists of an
 * evening took 360 to 410 MB. These flags are read at each collection, so they can be set while a program runs.
 */

/** Garbage may become so large before all is collected, in percent of what is alive. */
const GROWING_PERCENT = 25;

/** No growth: what a start loads would fill the space of young objects to its largest, and the space never shrinks. */
const YOUNG_AT_START = 1;
/** From one megabyte to eight; V8 goes to sixteen, and holds twice as much. */
const YOUNG_GROWTH = 8;
/** Thousands of small objects that are made at most; the space grows before. */
const MOST_FILLED = 400;

const youngSize = (): number =>
  getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0;

const letYoungGrow = (factor: number): void => setFlagsFromString(`--semi-space-growth-factor=${factor}`);

/** To be called before anything else is loaded. */
export function boundHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`);
  letYoungGrow(YOUNG_AT_START);
}

/** To be called when all is loaded: objects of requests and messages have room from now on. */
export function giveYoungObjectsRoom(): void {
  const before = youngSize();
  letYoungGrow(YOUNG_GROWTH);
  // It grows by what survives in it.
  const kept: object[] = [];
  for (let filled = 0; filled < MOST_FILLED && youngSize() === before; filled += 1)
    kept.push(Array.from({ length: 1_000 }, (_, at) => ({ at })));
  letYoungGrow(YOUNG_AT_START);
}
