import { type Define, withService } from './command.ts';
import { exitCode } from './exit-code.ts';

export const define: Define = (command, run) => {
  command.argument('<url>', 'the new address, like https://host');
  run(async (invocation, _options, [server = '']) => {
    const account = await withService(invocation, (service) => service['change-server']({ server }));
    invocation.output.result(account, () => `This device syncs with ${account.server} from now on.`);
    return exitCode.done;
  });
};
