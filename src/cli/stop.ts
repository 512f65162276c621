import { HoldfastError } from '../common/errors.ts';
import type { Define } from './command.ts';
import { exitCode } from './exit-code.ts';

const patience = 30_000;

export const define: Define = (_command, run) => {
  run(async ({ output, homeFolder }) => {
    const [{ endDaemon }, { untilFree }, { openHome }] = await Promise.all([
      import('../app/door/reach-daemon.ts'),
      import('../app/daemon.ts'),
      import('../app/home/home.ts'),
    ]);
    if (!(await endDaemon(openHome(homeFolder)))) {
      output.result({ stopped: false }, () => 'No daemon is running.');
      return exitCode.done;
    }
    if (!(await untilFree(homeFolder, patience))) {
      throw new HoldfastError('conflict', 'The daemon was asked to stop but is still busy.', { reason: 'still-busy' });
    }
    output.result({ stopped: true }, () => 'The daemon has stopped.');
    return exitCode.done;
  });
};
