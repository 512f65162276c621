import { contextBridge, ipcRenderer } from 'electron';

/**
 * All that the window gets of Electron: it asks the contract and hears events. What it may ask, and who may ask, is checked
 * on the other side.
 */
contextBridge.exposeInMainWorld('holdfast', {
  ask: (name: unknown, input: unknown): Promise<unknown> => ipcRenderer.invoke('holdfast:ask', String(name), input),
  listen: (onEvent: (event: unknown) => void): (() => void) => {
    const heard = (_event: unknown, event: unknown): void => onEvent(event);
    ipcRenderer.on('holdfast:event', heard);
    ipcRenderer.send('holdfast:listen');
    return () => {
      ipcRenderer.off('holdfast:event', heard);
    };
  },
});
