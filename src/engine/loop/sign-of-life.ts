import { isKind } from '../../common/errors.ts';
import type { CycleContext } from '../cycle-context.ts';
import { isPassing } from '../passing-failure.ts';

/** A device that had nothing to say for so long says that. */
const everyMs = 24 * 60 * 60_000;
const maxTries = 3;

/**
 * Appends an entry that changes nothing if this device has not been heard of in the vault for a day and there is another one
 * to hear it (S10): who then hears nothing knows that a device is off, or that the server holds back what it wrote. To be
 * called when everything is pulled. What fails is tried again at the next look; throws if the server cannot be reached, for
 * then not everything may be.
 */
export async function signOfLifeIfDue({
  log,
  local,
  signal,
}: Pick<CycleContext, 'log' | 'local' | 'signal'>): Promise<void> {
  for (let tries = 0; tries < maxTries && isDue(log, local.clock.now()); tries++) {
    const { name } = log.position;
    const draft = { operations: [{ type: 'vault', name }], retained: [], released: [] } as const;
    try {
      await log.append(draft, { signal, onApplied: () => undefined });
    } catch (error) {
      if (signal.aborted || !isPassing(error) || isKind(error, 'offline')) throw error;
      return;
    }
  }
}

function isDue({ author: { chain, device }, heard, position }: CycleContext['log'], now: number): boolean {
  const others = [...chain.devices].filter(([id, { revokedAt }]) => id !== device && revokedAt === null);
  if (position.seq === 0 || others.length === 0) return false;
  const last = heard[device] ?? Math.floor((chain.devices.get(device)?.addedUs ?? 0) / 1000);
  return Math.abs(now - last) > everyMs;
}
