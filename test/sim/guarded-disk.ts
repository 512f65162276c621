import type { Disk } from '../../src/local/disk.ts';
import type { Life } from './life.ts';

/** Nobody hears of it: what is left of an ended process stumbles over its own disk. */
const afterDeath = (): never => {
  throw Object.assign(new Error('the process is gone'), { code: 'EIO' });
};

/**
 * A disk as one process sees it: without effect once the process is gone. `isLast` is asked before each call, and ends the
 * process if it says so, every other time after the call had its effect.
 */
export function guardedDisk(disk: Disk, own: Life, delay: () => number, isLast: () => boolean): Disk {
  let parity = 0;
  const methods = new Map<PropertyKey, unknown>();
  return new Proxy(disk, {
    get(target, key) {
      const known = methods.get(key);
      if (known !== undefined) return known;
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function') return method;
      const isSync = String(key).endsWith('Sync');
      const now = (args: unknown[]): unknown => {
        if (!own.isAlive) return afterDeath();
        const isAfter = parity++ % 2 === 0;
        if (isAfter) {
          const result: unknown = method.apply(target, args);
          return isLast() ? afterDeath() : result;
        }
        return isLast() ? afterDeath() : method.apply(target, args);
      };
      const made = isSync
        ? (...args: unknown[]) => now(args)
        : (...args: unknown[]) => own.call(delay(), () => now(args));
      methods.set(key, made);
      return made;
    },
  });
}
