import { ipcMain, type WebContents } from 'electron';
import { HoldfastError } from '../src/common/errors.ts';
import { commandNames } from '../src/rpc/contract.ts';
import { failureFrom } from '../src/rpc/failure.ts';
import type { RpcEvent } from '../src/rpc/home-report.ts';
import { isOurs, rateLimit } from './sender.ts';

const perSecond = 200;

interface WindowDoor {
  /** Hands an event to every window that listens. */
  tell(event: RpcEvent): void;
}

/**
 * The windows' door. Who sent a message and what for is checked here, its input by the contract's dispatcher in the
 * engine. `ask` answers a `Reply`; it may reject.
 */
export function openWindowDoor(
  ask: (name: string, input: unknown) => Promise<unknown>,
  latest: () => RpcEvent | null,
): WindowDoor {
  const listening = new Set<WebContents>();
  const mayPass = rateLimit(perSecond, () => performance.now());

  ipcMain.handle('holdfast:ask', async (event, name: unknown, input: unknown) => {
    try {
      if (!isOurs(event)) throw refused('The door does not let this message in.', 'sender');
      if (!mayPass()) throw refused('The window asks too much at once.', 'too-many');
      if (!isKnown(name)) throw new HoldfastError('usage', 'There is no such command.');
      return await ask(name, input);
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
  });

  ipcMain.on('holdfast:listen', (event) => {
    if (!isOurs(event)) return;
    const { sender } = event;
    if (!listening.has(sender)) {
      listening.add(sender);
      sender.once('destroyed', () => listening.delete(sender));
    }
    const now = latest();
    if (now !== null) sender.send('holdfast:event', now);
  });

  return {
    tell: (event) => {
      for (const contents of listening) contents.send('holdfast:event', event);
    },
  };
}

const isKnown = (name: unknown): name is string => (commandNames as readonly unknown[]).includes(name);

const refused = (message: string, reason: string): HoldfastError => new HoldfastError('refused', message, { reason });
