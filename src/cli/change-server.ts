import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';

export const define: Define = (command, run) => {
  command.argument('<url>', 'the new address, like https://host');
  run(async (invocation, _options, [server = '']) => {
    const account = await withService(invocation, (service) => service['change-server']({ server }));
    invocation.output.result(account, () => `From now on this device syncs with ${account.server}.`);
    return exitCode.done;
  });
};
