// Preloaded into a command: says on its error output how much memory it took at most, when it ends.
process.on('exit', () => {
  process.stderr.write(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
});
