import { printable } from '../common/printable.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { timeText } from './format.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';
import { table } from './table.ts';

export const define: Define = (command, run) => {
  pairOption(command).argument('<path>', 'in the vault, or of this computer');
  run(async (invocation, options, [path]) => {
    const input = { pair: chosenPair(invocation, options), path: vaultPath(invocation, path), node: null };
    const why = await withService(invocation, (service) => service.why(input));
    invocation.output.result(why, () => {
      const rows = [
        ['local', why.local],
        ['remote', why.remote],
        ['synced', why.synced],
        ['rule', why.rule],
      ];
      if (why.lastError !== null) rows.push(['last error', why.lastError]);
      if (why.nextTry !== null) rows.push(['next try', timeText(why.nextTry)]);
      return table(
        [printable(why.path) || '/', ''],
        rows.map((row) => row.map(printable)),
      );
    });
    return exitCode.done;
  });
};
