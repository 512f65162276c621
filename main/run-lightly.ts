import type { App } from 'electron';

/**
 * Leaves out of Chromium what this app is better off without. Before Electron is ready.
 *
 * It draws without the graphics card: the window is text and a few lines, while a driver takes more memory than all the rest
 * of the app, and is what apps crash of. And on Linux no process is there for the network alone: pages of ours ask nothing of
 * it, and there it runs outside of the sandbox, so it would be no border.
 */
export function runLightly(
  app: Pick<App, 'disableHardwareAcceleration' | 'commandLine'>,
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): void {
  app.disableHardwareAcceleration();
  // Nor a graphics card made of software: no page of ours uses WebGL.
  app.commandLine.appendSwitch('disable-software-rasterizer');
  if (platform === 'linux') app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');
  // On Linux GTK would load the driver, too, for menus and dialogs that need none.
  environment['GDK_GL'] ??= 'disable';
}
