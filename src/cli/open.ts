import { HoldfastError } from '../common/errors.ts';
import type { Define } from './command.ts';
import { exitCode } from './exit-code.ts';

export const define: Define = (command, run) => {
  command.addHelpText('after', '\nThe address is for a browser on this computer. It works once, within ten minutes.');
  run(async ({ output, homeFolder }) => {
    const [{ askDaemonAddress }, { openHome }] = await Promise.all([
      import('../app/door/reach-daemon.ts'),
      import('../app/home/home.ts'),
    ]);
    const url = await askDaemonAddress(openHome(homeFolder));
    if (url === null) {
      throw new HoldfastError('usage', 'No daemon is running, so there is no window to open.', {
        reason: 'not-running',
        hint: 'Start the Holdfast app, or `daemon`, which prints an address itself.',
      });
    }
    output.result({ url }, () => url);
    return exitCode.done;
  });
};
