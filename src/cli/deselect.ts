import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';
import { selectedText } from './selected-text.ts';

export const define: Define = (command, run) => {
  pairOption(command).argument('[path]', 'a folder or file in the vault; without it, lists what is deselected');
  run(async (invocation, options, [path]) => {
    const pair = chosenPair(invocation, options);
    const list = await withService(invocation, (service) =>
      path === undefined
        ? service.deselected({ pair })
        : service.select({ pair, path: vaultPath(invocation, path), isSelected: false }),
    );
    invocation.output.result(list, () => selectedText(list));
    return exitCode.done;
  });
};
