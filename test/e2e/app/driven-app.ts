import { debuggable, type Launched, launchApp } from '../../bench/app/started-app.ts';
import { eventually } from '../../helpers/eventually.ts';
import { electronProgram, switches } from './electron.ts';
import { inspectMain, inspectorOf, type MainProcess } from './main-process.ts';

/** The app with both of its sides in hand: its main process, and its windows once it has one. */
export interface DrivenApp extends Launched {
  readonly main: MainProcess;
}

export async function driveApp(
  root: string,
  home: string,
  environment: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): Promise<DrivenApp> {
  let said = '';
  const program = { program: electronProgram, words: [...switches, '--inspect=0', debuggable, root, ...words] };
  const launched = launchApp(program, home, environment, (text) => {
    said += text;
  });
  try {
    const address = await eventually(() => inspectorOf(said), { what: 'the inspector of the app' });
    return { ...launched, main: await inspectMain(address) };
  } catch (error) {
    await launched.end();
    throw new Error(`The app did not start. It said: ${said}`, { cause: error });
  }
}
