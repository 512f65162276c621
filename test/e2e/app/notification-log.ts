import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../helpers/eventually.ts';
import { tempFolder } from '../../helpers/temp.ts';
import type { Desktop } from './desktop.ts';

/** A message as a program sent it to the desktop. */
export interface SentNotice {
  readonly program: string;
  readonly title: string;
  readonly body: string;
}

/** The desktop's messages: a real daemon shows them, and all that crosses the session bus to it is written down. */
export interface NotificationLog {
  /** All that was sent before this was asked. */
  sent(): Promise<readonly SentNotice[]>;
  /** As a click on the message that is shown, once it is. */
  click(): Promise<void>;
  close(): Promise<void>;
}

const service = 'org.freedesktop.Notifications';

export async function openNotificationLog({ environment: env }: Desktop): Promise<NotificationLog> {
  const settings = join(await tempFolder('dunst'), 'dunstrc');
  // A message stays until it is clicked, however busy the machine is.
  await writeFile(settings, '[urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n');
  const daemon = spawn('dunst', ['-conf', settings], { env, stdio: 'ignore' });
  const monitor = spawn('dbus-monitor', ['--session', `type='method_call',interface='${service}'`], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let heard = '';
  monitor.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard += text;
  });
  let mark = 4_000_000_000;
  /** Closes a message that there is not: when the monitor has heard of it, it has heard all that was sent before. */
  const sendMark = (): string => {
    mark++;
    const call = ['--session', '--print-reply', `--dest=${service}`, `/${service.replaceAll('.', '/')}`];
    spawnSync('dbus-send', [...call, `${service}.CloseNotification`, `uint32:${mark}`], { env, timeout: 20_000 });
    return `uint32 ${mark}`;
  };
  const isHeard = (text: string) => eventually(() => heard.includes(text), { what: 'the bus' });
  await eventually(
    () => {
      const isThere = heard.includes('member=CloseNotification');
      if (!isThere) sendMark();
      return isThere;
    },
    { what: 'a desktop that shows messages' },
  );
  return {
    sent: async () => {
      await isHeard(sendMark());
      return noticesIn(heard);
    },
    click: async () => {
      const control = (...words: string[]) => spawnSync('dunstctl', words, { env, encoding: 'utf8', timeout: 20_000 });
      await eventually(() => Number(control('count', 'displayed').stdout) > 0, { what: 'a message that is shown' });
      control('action', '0');
    },
    close: async () => {
      await Promise.all([ended(monitor), ended(daemon)]);
    },
  };
}

/** The calls of `Notify` in what `dbus-monitor` writes: program, id, icon, title, body, then actions and hints. */
const noticesIn = (heard: string): SentNotice[] =>
  heard
    .split(/^(?=method call )/m)
    .filter((call) => /member=Notify$/m.test(call))
    .map((call) => {
      const [program = '', , title = '', body = ''] = [...call.matchAll(/^ {3}string "(.*)"$/gm)].map(
        ([, text]) => text,
      );
      return { program, title, body };
    });

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}
