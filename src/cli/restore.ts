import { HoldfastError } from '../common/errors.ts';
import { isId, type RevisionId } from '../common/ids.ts';
import { type Define, type Options, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command)
    .argument('<path>', 'in the vault, or of this computer')
    .option(
      '--revision <id>',
      'which version, of those that `versions` lists (default: the one before, or the deleted one)',
    );
  run(async (invocation, options, [path]) => {
    const input = {
      pair: chosenPair(invocation, options),
      path: vaultPath(invocation, path),
      revision: revisionOf(options),
    };
    const done = await withService(invocation, (service) => service.restore(input));
    invocation.output.result(
      done,
      () => `Restored in the vault, as batch ${done.batch}. The next sync brings it here.`,
    );
    return exitCode.done;
  });
};

function revisionOf(options: Options): RevisionId | null {
  const text = textOption(options, 'revision');
  if (text === null) return null;
  if (!isId(text)) throw new HoldfastError('usage', '--revision takes an id as `versions` lists it.');
  return text as RevisionId;
}
