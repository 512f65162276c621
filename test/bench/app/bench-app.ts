import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDesktop } from '../../e2e/app/desktop.ts';
import { driveApp } from '../../e2e/app/driven-app.ts';
import { buildForTest, whyNoApp } from '../../e2e/app/electron.ts';
import { removeTempFolders, tempFolder } from '../../helpers/temp.ts';
import { firstPaint, framesWhileSyncing, idle, popupTimes, type Share, untilSettled } from './measures.ts';
import type { Memory } from './processes.ts';
import { byElectron, startApp, startHidden } from './started-app.ts';

/**
 * `npm run bench:app [-- --json FILE --files N --idle SECONDS]`: what a person notices of the desktop app, beside what was
 * promised. On a real Electron and a virtual screen, drawn without a graphics card.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    files: { type: 'string', default: '10000' },
    idle: { type: 'string', default: '60' },
  },
});
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Row {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Without `most` and `least` it is told for comparison: nothing was promised. */
  readonly most?: number;
  readonly least?: number;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const isMet = ({ value, most, least }: Row): boolean =>
  (most === undefined || value <= most) && (least === undefined || value >= least);

const megabytes = (shares: readonly Share[], kind: keyof Memory): number =>
  shares.reduce((sum, { memory }) => sum + memory[kind], 0) / 1e6;
const cpuOf = (shares: readonly Share[], role?: string): number =>
  shares.filter((each) => role === undefined || each.role === role).reduce((sum, { cpu }) => sum + cpu, 0);

function tellMemory(when: string, shares: readonly Share[]): void {
  for (const { role, memory } of shares) {
    const [pss, rss] = [memory.proportional, memory.resident].map((bytes) => (bytes / 1e6).toFixed(0).padStart(5));
    say(`${when.padEnd(12)} ${role.padEnd(14)} PSS ${pss} MB  RSS ${rss} MB`);
  }
}

async function measure(): Promise<Row[]> {
  const [desktop, root] = await Promise.all([openDesktop(), buildForTest()]);
  const base = await tempFolder('bench-app');
  const environment = { ...desktop.environment, XDG_CONFIG_HOME: join(base, 'config') };
  try {
    const paints: number[] = [];
    for (let i = 0; i < 6; i++) {
      const app = await startApp(byElectron(root), join(base, `start ${i}`), environment);
      paints.push(await firstPaint(app));
      await app.close();
    }

    const home = join(base, 'home');
    const folder = join(base, 'Documents');
    mkdirSync(folder);
    const app = await startApp(byElectron(root), home, environment);
    const { server } = await app.answer<{ server: string }>('this-computer');
    await app.answer('signup', {
      server,
      email: 'a@example.org',
      password: 'correct tundra battery',
      deviceName: 'Desk',
    });
    const frames = await framesWhileSyncing(app, folder, Number(values.files));
    await app.letGo();
    await untilSettled(app.pid);
    const synced = await idle(app.pid, Number(values.idle));
    await app.close();

    const driven = await driveApp(root, home, environment);
    const popups = await popupTimes(driven, environment);
    driven.main.letGo();
    await driven.end();

    const seen = await startApp(byElectron(root), home, environment);
    await seen.letGo();
    await untilSettled(seen.pid);
    const open = await idle(seen.pid, 10);
    await seen.close();

    // As the system starts it, and as it is some time after its window was closed: no page, no debugger.
    const tray = await startHidden(root, home, environment);
    await untilSettled(tray.pid);
    const closed = await idle(tray.pid, 10);
    await tray.close();
    tellMemory('window open', open);
    tellMemory('in the tray', closed);
    return [
      // The first one reads Electron from the disk.
      { name: 'first paint after launch', unit: 'ms', value: median(paints.slice(1)), most: 1000 },
      { name: 'first paint, first launch', unit: 'ms', value: paints[0] ?? Number.NaN },
      { name: 'popup after the click, warm', unit: 'ms', value: median(popups), most: 100 },
      { name: `frames while ${values.files} files sync`, unit: '/s', value: frames.perSecond, least: 58 },
      { name: 'frame interval, 99 of 100', unit: 'ms', value: frames.slowest },
      { name: `time of that sync`, unit: 's', value: frames.seconds },
      { name: 'main process idle', unit: '% CPU', value: cpuOf(synced, 'main'), most: 0.1 },
      { name: 'all processes idle', unit: '% CPU', value: cpuOf(synced) },
      { name: 'idle in the tray, PSS', unit: 'MB', value: megabytes(closed, 'proportional') },
      // A package has no second Node beside Electron's.
      {
        name: 'of it, the program of the Node here',
        unit: 'MB',
        value: megabytes(closed, 'node'),
      },
      {
        name: 'idle in the tray without that',
        unit: 'MB',
        value: megabytes(closed, 'proportional') - megabytes(closed, 'node'),
        most: 250,
      },
      { name: 'idle in the tray, RSS', unit: 'MB', value: megabytes(closed, 'resident') },
      { name: 'idle with the window open, PSS', unit: 'MB', value: megabytes(open, 'proportional'), most: 250 },
      { name: 'idle with the window open, RSS', unit: 'MB', value: megabytes(open, 'resident') },
      { name: 'after that sync, window open, PSS', unit: 'MB', value: megabytes(synced, 'proportional') },
    ];
  } finally {
    await desktop.close();
  }
}

function tell(rows: readonly Row[]): void {
  const promised = ({ most, least, unit }: Row): string =>
    most !== undefined ? `at most ${most} ${unit}` : least !== undefined ? `at least ${least} ${unit}` : '';
  for (const row of rows) {
    const value = `${row.value.toFixed(row.value < 10 ? 2 : 0)} ${row.unit}`;
    say(
      `${row.name.padEnd(40)} ${value.padStart(12)}  ${promised(row).padEnd(18)} ${isMet(row) ? '' : 'MISSED'}`.trimEnd(),
    );
  }
  const report = JSON.stringify({ electron: '33.2.1', rows: rows.map((row) => ({ ...row, isMet: isMet(row) })) });
  if (values.json === undefined) say(report);
  else writeFileSync(values.json, `${report}\n`);
  if (!rows.every(isMet)) process.exitCode = 1;
}

const why = whyNoApp();
if (why !== null) {
  process.exitCode = 1;
} else {
  try {
    tell(await measure());
  } finally {
    await removeTempFolders();
  }
}
