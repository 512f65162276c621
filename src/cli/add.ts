import { type Define, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { localFolder } from './place.ts';

export const define: Define = (command, run) => {
  command
    .argument('<folder>', 'the local folder; made if only its last part is missing')
    .option('--vault <name>', "the vault's name, or its id (default: the folder's name)");
  run(async (invocation, options, [folder = '']) => {
    const input = {
      folder: localFolder(invocation, folder),
      vault: textOption(options, 'vault'),
      isPaused: false,
    };
    const pair = await withService(invocation, (service) => service.add(input));
    invocation.output.result(pair, () => {
      const vault = `${pair.isNewVault ? 'the new vault' : 'the vault'} “${pair.vaultName}”`;
      return `${pair.folder} will be kept in step with ${vault}.\nSee what a first sync does with \`plan\`, then \`sync\`.`;
    });
    return exitCode.done;
  });
};
