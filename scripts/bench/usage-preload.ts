// Loaded before a program that is measured (node --import): tells whoever started it what it has used, when asked.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 });
});
// Nobody's question keeps a program alive that has ended its work.
process.channel?.unref();
