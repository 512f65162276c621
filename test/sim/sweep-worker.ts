import { runHistory } from './run-history.ts';

// A process of a sweep: seeds come in slices, a report of each goes back.
process.on('message', (slice: { readonly from: number; readonly upTo: number } | 'end') => {
  if (slice === 'end') return process.disconnect();
  void (async () => {
    for (let seed = slice.from; seed < slice.upTo; seed++) {
      const { problems, events } = await runHistory(seed);
      process.send?.({ seed, problems, events });
    }
    process.send?.('ready');
  })();
});
// Also when whoever asked is gone.
process.on('disconnect', () => process.exit());
process.send?.('ready');
