/**
 * Starts to measure this process's CPU time, which other programs on a busy machine do not change much.
 * Returns a function that returns the milliseconds of CPU since then.
 * Only for bounds far above what is usual: they tell a pass over the input from a search without end.
 */
export function cpuTime(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
