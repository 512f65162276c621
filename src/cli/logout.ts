import { type Define, flag, withService } from './command.ts';
import { exitCode } from './exit-code.ts';

export const define: Define = (command, run) => {
  command.option('--force', 'forget the account here, even if the server cannot be reached');
  run(async (invocation, options) => {
    const isForced = flag(options, 'force');
    const done = await withService(invocation, (service) => service.logout({ isForced }));
    invocation.output.result(done, () =>
      done.isRevoked
        ? 'This device is signed out and no longer part of the account. Your files stay.'
        : 'The account is forgotten on this device. Your files stay. Use another device to remove this one from the account.',
    );
    return exitCode.done;
  });
};
