import { printable } from '../common/printable.ts';
import { trashedBatch } from '../common/trashed-batch.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText, timeText } from './format.ts';
import { chosenPair, pairOption } from './place.ts';
import { table } from './table.ts';

export const define: Define = (command, run) => {
  pairOption(command);
  run(async (invocation, options) => {
    const pair = chosenPair(invocation, options);
    const list = await withService(invocation, (service) => service.trash({ pair }));
    invocation.output.result(list, () => {
      if (list.trash.length === 0) return 'The trash is empty.';
      const rows = list.trash.map((item) => [
        timeText(item.deletedAt),
        bytesText(item.size),
        item.where,
        trashedBatch(item),
        printable(item.path),
      ]);
      return table(['DELETED', 'SIZE', 'WHERE', 'BATCH', 'PATH'], rows, new Set(['SIZE']));
    });
    return exitCode.done;
  });
};
