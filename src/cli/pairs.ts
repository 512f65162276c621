import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { pairsText } from './pairs-text.ts';

export const define: Define = (_command, run) => {
  run(async (invocation) => {
    const list = await withService(invocation, (service) => service.pairs({}));
    invocation.output.result(list, () => pairsText(list.pairs));
    return exitCode.done;
  });
};
