import { printable } from '../common/printable.ts';
import { chooseDevice } from './choose-device.ts';
import { type Define, withService } from './command.ts';
import { confirm, yesOption } from './confirm.ts';
import { exitCode } from './exit-code.ts';

export const define: Define = (command, run) => {
  yesOption(command)
    .argument('<device>', 'its name or its id, as `devices` lists them')
    .addHelpText(
      'after',
      '\nFor a device that is lost or sold. It gets nothing new from then on. Files that it already has stay there.',
    );
  run(async (invocation, options, [word = '']) => {
    const { devices } = await withService(invocation, (service) => service.devices({}));
    const { device, name } = chooseDevice(devices, word);
    // Asked while nothing is open: another command does not wait for a person.
    await confirm(
      `Remove “${printable(name)}” from your account? It gets nothing new from then on. Files that it already has stay there.`,
      options,
    );
    await withService(invocation, (service) => service['revoke-device']({ device }));
    invocation.output.result(
      { device, name },
      () => `“${printable(name)}” is no longer part of the account. Files that it already has stay there.`,
    );
    return exitCode.done;
  });
};
