import { printable } from '../common/printable.ts';
import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { bytesText, timeText } from './format.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';
import { table } from './table.ts';

export const define: Define = (command, run) => {
  pairOption(command).argument('<path>', 'a file in the vault, or on this computer');
  run(async (invocation, options, [path]) => {
    const input = { pair: chosenPair(invocation, options), path: vaultPath(invocation, path), node: null };
    const list = await withService(invocation, (service) => service.versions(input));
    invocation.output.result(list, () => {
      if (list.versions.length === 0) return 'No versions are kept.';
      const rows = list.versions.map((version) => [
        version.revision,
        timeText(version.time),
        bytesText(version.size),
        printable(version.deviceName),
        version.isCurrent ? 'current' : '',
      ]);
      return table(['REVISION', 'TIME', 'SIZE', 'DEVICE', ''], rows, new Set(['SIZE']));
    });
    return exitCode.done;
  });
};
