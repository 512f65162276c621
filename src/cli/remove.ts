import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { pairWord } from './place.ts';

export const define: Define = (command, run) => {
  command.argument('<pair>', 'the folder pair: its id, its folder or its vault');
  run(async (invocation, _options, [word = '']) => {
    const pair = pairWord(invocation, word);
    const removed = await withService(invocation, (service) => service.remove({ pair }));
    invocation.output.result(removed, () => 'The folder is no longer synced. Its files and the vault stay.');
    return exitCode.done;
  });
};
