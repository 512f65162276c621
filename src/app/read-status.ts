import type { HomeStatus } from '../rpc/home-report.ts';
import { accountFile } from './account/account-file.ts';
import { accountStatusOf } from './account/account-status.ts';
import { reachDaemon } from './door/reach-daemon.ts';
import { configFile, emptyConfig } from './home/config.ts';
import { withoutEndedPauses } from './home/ended-pauses.ts';
import { openHome } from './home/home.ts';
import { homeStatusOf } from './home/home-state.ts';
import { heldBack, lastStatus } from './home/last-status.ts';
import { systemClock } from './system-clock.ts';

/** Reads without the home's lock: what runs says it itself, else the last known state. Never waits. */
export async function readStatus(folder: string): Promise<HomeStatus> {
  const home = openHome(folder);
  const daemon = await reachDaemon(home);
  if (daemon !== null) return daemon.status({});
  const config = configFile(home).read() ?? emptyConfig;
  const records = withoutEndedPauses(config.pairs, systemClock.now());
  const stored = accountFile(home).read();
  const pairs = records.map((record) => heldBack(record, lastStatus(home, record).read()));
  return homeStatusOf(accountStatusOf(stored, config), pairs, {
    records,
    isRunning: false,
    frozen: stored?.pin.frozen ?? null,
  });
}
