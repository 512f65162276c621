import type { Define } from './command.ts';
import { exitCode } from './exit-code.ts';
import { untilSignal } from './until-signal.ts';

/** A shutdown that takes longer is cut off: what was under way is done again at the next start. */
const deadline = 20_000;

export const define: Define = (command, run) => {
  command.addHelpText(
    'after',
    '\nWith --json, prints {"url", "pid"} once it is ready. Stops on SIGTERM, SIGINT or `holdfast stop`.',
  );
  run(async ({ output, homeFolder, environment }) => {
    const { startDaemon } = await import('../app/daemon.ts');
    const { collectWhenIdle } = await import('../app/collect-when-idle.ts');
    const { signalled, release } = untilSignal();
    const daemon = await startDaemon(homeFolder, environment);
    collectWhenIdle();
    const url = daemon.newAddress();
    output.result({ url, pid: daemon.pid }, () => `Holdfast is running (process ${daemon.pid}). Its window: ${url}`);
    await Promise.race([signalled, daemon.asked]);
    release();
    const cut = setTimeout(() => {
      output.note('holdfast: closing took too long and was cut off.');
      process.exit(exitCode.done);
    }, deadline);
    cut.unref();
    await daemon.close();
    clearTimeout(cut);
    return exitCode.done;
  });
};
