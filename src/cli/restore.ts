import { HoldfastError } from '../common/errors.ts';
import { isId, type RevisionId } from '../common/ids.ts';
import { printable } from '../common/printable.ts';
import { parseTrashedBatch } from '../common/trashed-batch.ts';
import { type Define, type Options, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { chosenPair, pairOption, vaultPath } from './place.ts';

export const define: Define = (command, run) => {
  pairOption(command)
    .argument('<path>', 'a path in the vault, or on this computer')
    .option(
      '--revision <id>',
      'which version, as `versions` lists it (default: the previous one, or the one that was deleted)',
    )
    .option('--trash <batch>', 'restore what this batch deleted or replaced, as `trash` lists it');
  run(async (invocation, options, [path]) => {
    const { output } = invocation;
    const place = { pair: chosenPair(invocation, options), path: vaultPath(invocation, path) };
    const trashed = textOption(options, 'trash');
    const revision = revisionOf(options);
    if (trashed !== null) {
      if (revision !== null) throw new HoldfastError('usage', '--trash and --revision cannot be used together.');
      const of = parseTrashedBatch(trashed);
      if (of === null) throw new HoldfastError('usage', '--trash takes a batch as `trash` lists it.');
      const input = { ...place, ...of, where: null };
      const back = await withService(invocation, (service) => service['restore-trashed'](input));
      output.result(back, () =>
        back.path === null ? inTheVault(back.batch) : `Restored into the folder, as ${printable(back.path)}.`,
      );
      return exitCode.done;
    }
    const done = await withService(invocation, (service) => service.restore({ ...place, node: null, revision }));
    output.result(done, () => inTheVault(done.batch));
    return exitCode.done;
  });
};

const inTheVault = (batch: string | null): string =>
  `Restored in the vault, as batch ${batch}. The next sync brings it here.`;

function revisionOf(options: Options): RevisionId | null {
  const text = textOption(options, 'revision');
  if (text === null) return null;
  if (!isId(text)) throw new HoldfastError('usage', '--revision takes an id as `versions` lists it.');
  return text as RevisionId;
}
