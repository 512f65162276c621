import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { _electron } from 'playwright-core';
import { openDesktop } from '../../e2e/app/desktop.ts';
import { buildForTest, electronProgram, switches, whyNoApp } from '../../e2e/app/electron.ts';
import { removeTempFolders, tempFolder } from '../../helpers/temp.ts';
import { firstPaint, framesWhileSyncing, idle, popupTimes } from './measures.ts';
import { byElectron, startApp } from './started-app.ts';

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
    await pause(20_000);
    const open = await idle(app.pid, Number(values.idle));
    await app.close();

    const watched = await _electron.launch({
      executablePath: electronProgram,
      args: [...switches, root],
      env: { ...environment, HOLDFAST_HOME: home, HOLDFAST_ENGINE_NODE: process.execPath },
    });
    const popups = await popupTimes(watched, environment);
    await watched.close();

    const hidden = await startApp(byElectron(root), home, environment);
    await hidden.letGo();
    await pause(20_000);
    const second = await idle(hidden.pid, 10);
    await hidden.close();
    return [
      // The first one reads Electron from the disk.
      { name: 'first paint after launch', unit: 'ms', value: median(paints.slice(1)), most: 1000 },
      { name: 'first paint, first launch', unit: 'ms', value: paints[0] ?? Number.NaN },
      { name: 'popup after the click, warm', unit: 'ms', value: median(popups), most: 100 },
      { name: `frames while ${values.files} files sync`, unit: '/s', value: frames.perSecond, least: 58 },
      { name: 'frame interval, 99 of 100', unit: 'ms', value: frames.slowest },
      { name: `time of that sync`, unit: 's', value: frames.seconds },
      { name: 'main process idle', unit: '% CPU', value: open.mainCpu, most: 0.1 },
      { name: 'all processes idle', unit: '% CPU', value: open.wholeCpu },
      { name: 'all processes idle, after a start', unit: 'MB', value: second.megabytes, most: 250 },
      { name: 'all processes idle, after that sync', unit: 'MB', value: open.megabytes },
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
