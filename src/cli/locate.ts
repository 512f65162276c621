import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { localFolder, pairWord } from './place.ts';

export const define: Define = (command, run) => {
  command
    .argument('<pair>', 'the folder pair: its id, its former folder or its vault')
    .argument('<folder>', 'where the folder is now');
  run(async (invocation, _options, [word = '', folder = '']) => {
    const input = { pair: pairWord(invocation, word), folder: localFolder(invocation, folder) };
    const pair = await withService(invocation, (service) => service.locate(input));
    invocation.output.result(
      pair,
      () => `${pair.folder} is kept in step with the vault “${pair.vaultName}” from now on.`,
    );
    return exitCode.done;
  });
};
