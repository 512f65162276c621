import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { type Child, endChild, startChild } from '../../../../main/child.ts';

/** An app that does nothing but start programs in utility processes, as the desktop app does with its engine. */
const file = join(import.meta.dirname, 'program.js');
const start = (): Child => startChild({ file, args: ['a word'], name: 'Holdfast test', node: null });

function next(child: Child): Promise<unknown> {
  return new Promise((resolve) => {
    const off = child.port.onMessage((message) => {
      off();
      resolve(message);
    });
  });
}

async function ask(child: Child, message: unknown): Promise<unknown> {
  const answer = next(child);
  child.port.post(message);
  return answer;
}

async function look(): Promise<unknown> {
  const polite = start();
  const first = await next(polite);
  let isClosed = false;
  polite.port.onClose(() => {
    isClosed = true;
  });
  const heard = await ask(polite, { number: 1, input: { path: 'a/ü' }, bytes: [1, 2] });
  const measured = await ask(polite, 'measure');
  const { pid } = polite;
  let wasCutOff = false;
  const cutOff = (): void => {
    wasCutOff = true;
  };
  await endChild({ ...polite, kill: cutOff }, 20_000);

  const stubborn = start();
  await next(stubborn);
  await ask(stubborn, 'hang');
  await endChild(stubborn, 100);
  return { first, heard, measured, hasPid: typeof pid === 'number', isClosed, wasCutOff };
}

app.on('window-all-closed', () => undefined);
void app.whenReady().then(async () => {
  const seen = await look().catch((error: unknown) => ({ error: String(error) }));
  writeFileSync(process.env['HOLDFAST_SEEN'] ?? '', JSON.stringify(seen));
  app.exit(0);
});
