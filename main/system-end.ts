import type { PowerMonitor } from 'electron';

/**
 * Tells whether the system is about to end the session. Only macOS is asked: there an app that puts off its end keeps the person from
 * logging out. Linux would wait for whoever listens, and Windows ends apps without a word.
 */
export function systemEnd(monitor: Pick<PowerMonitor, 'on'>, platform: NodeJS.Platform): () => boolean {
  let isEnding = false;
  if (platform === 'darwin') {
    monitor.on('shutdown', () => {
      isEnding = true;
    });
  }
  return () => isEnding;
}
