import type { randomSteps } from './random-steps.ts';
import type { ScenarioDevice } from './scenario-device.ts';

/** One thing that a person does; what is not possible as the folder is now is no change. */
export function actAtRandom(
  steps: ReturnType<typeof randomSteps>,
  { files }: ScenarioDevice,
  content: string,
  names: readonly string[] = ['a', 'b', 'c', 'd'],
): void {
  const paths = Object.keys(files.tree());
  const folders = ['', ...paths.filter((path) => path.endsWith('/'))];
  const all = paths.map((path) => path.replace(/\/$/, ''));
  const target = `${steps.pick(folders)}${steps.pick(names)}`;
  try {
    switch (steps.below(9)) {
      case 0:
      case 1:
      case 2:
        files.write(target, content);
        break;
      case 3:
        files.mkdir(target);
        break;
      case 4:
        if (all.length > 0) files.rm(steps.pick(all));
        break;
      case 5:
        if (all.length > 1) exchange(files, steps.pick(all), steps.pick(all));
        break;
      default:
        if (all.length > 0) files.mv(steps.pick(all), target);
    }
  } catch {
    // A folder into itself, a file where a folder is.
  }
}

/** Two names change places, by way of a third. */
function exchange(files: ScenarioDevice['files'], a: string, b: string): void {
  if (a === b || `${b}/`.startsWith(`${a}/`) || `${a}/`.startsWith(`${b}/`)) return;
  files.mv(a, `${a} (aside)`);
  files.mv(b, a);
  files.mv(`${a} (aside)`, b);
}
