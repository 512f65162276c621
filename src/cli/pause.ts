import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { pairsText } from './pairs-text.ts';
import { chosenPair, pairOption } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command);
  run(async (invocation, options) => {
    const pair = chosenPair(invocation, options);
    const list = await withService(invocation, (service) => service.pause({ pair, minutes: null }));
    invocation.output.result(list, () => pairsText(list.pairs));
    return exitCode.done;
  });
};
