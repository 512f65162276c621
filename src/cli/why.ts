import { printable } from '../common/printable.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { exactTimeText } from './format.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';
import { table } from './table.ts';

export const define: Define = (command, run) => {
  pairOption(command).argument('<path>', 'a path in the vault, or on this computer');
  run(async (invocation, options, [path]) => {
    const input = { pair: chosenPair(invocation, options), path: vaultPath(invocation, path), node: null };
    const why = await withService(invocation, (service) => service.why(input));
    invocation.output.result(why, () => {
      const rows = [
        ['local', inLocalTime(why.local)],
        ['remote', inLocalTime(why.remote)],
        ['synced', why.synced],
        ['rule', why.rule],
      ];
      if (why.lastError !== null) rows.push(['last error', why.lastError]);
      if (why.nextTry !== null) rows.push(['next try', exactTimeText(why.nextTry)]);
      return table(
        [printable(why.path) || '/', ''],
        rows.map((row) => row.map(printable)),
      );
    });
    return exitCode.done;
  });
};

/** Times in sentences about a file stand behind these words; a name that looks like a time is left as it is. */
const times = /(?<=(?: bytes| change \d+) of )\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** Programs are told times as machines write them, people as their clock shows them. */
export const inLocalTime = (text: string): string => text.replace(times, (time) => exactTimeText(Date.parse(time)));
