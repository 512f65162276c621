import { printable } from '../common/printable.ts';
import type { Output } from '../rpc/contract.ts';
import { type Define, flag, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText, timeText } from './format.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';
import { table } from './table.ts';

export const define: Define = (command, run) => {
  pairOption(command)
    .argument('[path]', 'a path in the vault, or on this computer (default: the root)')
    .option('-r, --recursive', 'list everything below, too')
    .option('--deleted', 'list what was deleted, too');
  run(async (invocation, options, [path]) => {
    const input = {
      pair: chosenPair(invocation, options),
      path: vaultPath(invocation, path),
      isRecursive: flag(options, 'recursive'),
      withDeleted: flag(options, 'deleted'),
    };
    const list = await withService(invocation, (service) => service.ls(input));
    invocation.output.result(list, () => entriesText(list.entries));
    return exitCode.done;
  });
};

function entriesText(entries: Output<'ls'>['entries']): string {
  if (entries.length === 0) return 'Nothing there.';
  const rows = entries.map((entry) => {
    const isFile = entry.kind === 'file';
    return [
      isFile ? bytesText(entry.size) : '',
      isFile ? timeText(entry.mtimeUs / 1000) : '',
      entry.isDeleted ? 'deleted' : '',
      printable(entry.path) + (isFile ? '' : '/'),
    ];
  });
  return table(['SIZE', 'CHANGED', '', 'PATH'], rows, new Set(['SIZE']));
}
