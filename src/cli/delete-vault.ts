import { HoldfastError, must } from '../common/errors.ts';
import type { VaultId } from '../common/ids.ts';
import { printable } from '../common/printable.ts';
import type { Service } from '../rpc/contract.ts';
import { type Define, textOption, withService } from './command.ts';
import { exitCode } from './exit-code.ts';
import { readSecret } from './secret.ts';
import { assertSignedIn } from './signed-in.ts';

export const define: Define = (command, run) => {
  command
    .argument('<name>', 'the full name of the vault')
    .option('--id <vault>', 'which one, if several have that name: its id, as `vaults` lists it')
    .addHelpText(
      'after',
      '\nFiles in the folders of your computers stay, and no longer sync. What only the server has is gone for good: older\n' +
        'versions, deleted files, and what you keep off your computers. The password is read from HOLDFAST_PASSWORD, or asked\n' +
        'for.',
    );
  run(async (invocation, options, [name]) => {
    await assertSignedIn(invocation);
    const password = await readSecret({ variable: 'HOLDFAST_PASSWORD', prompt: 'Password' }, invocation.environment);
    const id = textOption(options, 'id');
    const done = await withService(invocation, async (service) => {
      const vault = id === null ? null : await vaultOf(service, id);
      return service['delete-vault']({ vault, name: must(name), password });
    });
    invocation.output.result(
      done,
      () =>
        `The vault “${printable(done.name)}” is deleted, and what the server stored of it is being removed. Your files stay.`,
    );
    return exitCode.done;
  });
};

async function vaultOf(service: Pick<Service, 'vaults'>, id: string): Promise<VaultId> {
  const [found, other] = (await service.vaults({})).vaults.filter(({ vault }) => vault.startsWith(id));
  if (found !== undefined && other === undefined) return found.vault;
  throw new HoldfastError('usage', 'No vault, or more than one, has an id that begins like this.', { reason: 'id' });
}
