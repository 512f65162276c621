import { type Define, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { localFolder } from './place.ts';

export const define: Define = (command, run) => {
  command
    .argument('<folder>', 'the local folder; created if only its last part is missing')
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
      return `${pair.folder} will be kept in step with ${vault}.\n\`plan\` shows what a first sync would do; \`sync\` does it.`;
    });
    return exitCode.done;
  });
};
