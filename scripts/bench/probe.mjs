// Preloaded into a measured process: tells its CPU time and memory when asked over IPC.
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 1048576 });
});
// Asking must not keep the process alive, and losing the asker ends it.
process.channel?.unref();
process.on('disconnect', () => process.exit());
