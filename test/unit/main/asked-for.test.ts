import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { askedFor } from '../../../main/asked-for.ts';

function running() {
  const relaunch = vi.fn();
  const app = Object.assign(new EventEmitter(), { relaunch });
  const show = vi.fn();
  const asked = askedFor(app as never, show, { program: '/opt/holdfast', words: ['/opt/app', '--hidden'] });
  return { app, relaunch, show, ...asked };
}

it('an app that runs shows its window to who starts it once more, not to the start at login', () => {
  const { app, relaunch, show, startAgain } = running();
  app.emit('second-instance', {}, ['holdfast', '--hidden']);
  expect(show).not.toHaveBeenCalled();
  app.emit('second-instance', {}, ['holdfast']);
  app.emit('activate');
  expect(show).toHaveBeenCalledTimes(2);
  startAgain();
  expect(relaunch).not.toHaveBeenCalled();
});

it('an app that is started again while it ends runs again, with its window', () => {
  const { app, relaunch, show, ending, startAgain } = running();
  ending();
  app.emit('second-instance', {}, ['holdfast', '--hidden']);
  startAgain();
  expect(relaunch).not.toHaveBeenCalled();
  app.emit('second-instance', {}, ['holdfast']);
  startAgain();
  expect(show).not.toHaveBeenCalled();
  expect(relaunch).toHaveBeenCalledExactlyOnceWith({ execPath: '/opt/holdfast', args: ['/opt/app'] });
});
