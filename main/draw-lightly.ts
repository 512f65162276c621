import type { App } from 'electron';

/**
 * Draws without the graphics card: the window is text and a few lines, while a driver takes more memory than all the rest of
 * the app, and is what apps crash of. Before Electron is ready.
 */
export function drawLightly(
  app: Pick<App, 'disableHardwareAcceleration' | 'commandLine'>,
  environment: NodeJS.ProcessEnv,
): void {
  app.disableHardwareAcceleration();
  // Nor a graphics card made of software: no page of ours uses WebGL.
  app.commandLine.appendSwitch('disable-software-rasterizer');
  // On Linux GTK would load the driver, too, for menus and dialogs that need none.
  environment['GDK_GL'] ??= 'disable';
}
