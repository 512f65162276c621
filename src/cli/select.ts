import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';
import { selectedText } from './selected-text.ts';

export const define: Define = (command, run) => {
  pairOption(command).argument('<path>', 'the folder or file that was deselected');
  run(async (invocation, options, [path]) => {
    const input = { pair: chosenPair(invocation, options), path: vaultPath(invocation, path), isSelected: true };
    const list = await withService(invocation, (service) => service.select(input));
    invocation.output.result(list, () => selectedText(list));
    return exitCode.done;
  });
};
