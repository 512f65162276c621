import { printable } from '../common/printable.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { countText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command).argument('<batch>', 'the batch, as `activity` lists it');
  run(async (invocation, options, [batch = '']) => {
    const pair = chosenPair(invocation, options);
    const done = await withService(invocation, (service) => service.undo({ pair, batch }));
    invocation.output.result(done, () => {
      const lines = [`Undone in the vault, as batch ${done.batch}. The next sync brings it here.`];
      if (done.skipped.length > 0) {
        lines.push(
          `${countText(done.skipped.length, 'change')} left as they are, because something newer builds on them:`,
        );
        for (const path of done.skipped) lines.push(`  ${printable(path)}`);
      }
      return lines.join('\n');
    });
    return done.skipped.length > 0 ? exitCode.attention : exitCode.done;
  });
};
