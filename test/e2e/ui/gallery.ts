import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogues } from '../../../renderer/i18n/catalogues.ts';
import { repository } from '../../helpers/run.ts';
import { scenes } from './scenes/scenes.ts';
import { showScene } from './show-scene.ts';
import { openStage } from './stage.ts';

/**
 * Pictures of everything that the window can look like, in both colours and all languages, to be looked at:
 * `node test/e2e/ui/gallery.ts [NAME…]` puts those whose names begin so into `dist/gallery`.
 */
const wanted = process.argv.slice(2);
const chosen = scenes.filter(({ name }) => wanted.length === 0 || wanted.some((begin) => name.startsWith(begin)));
const target = join(repository, 'dist', 'gallery');
await mkdir(target, { recursive: true });
const stage = await openStage();
try {
  for (const language of Object.keys(catalogues)) {
    for (const theme of ['light', 'dark'] as const) {
      for (const scene of chosen) {
        try {
          const page = await showScene(stage, scene, { language, theme });
          await page.screenshot({
            path: join(target, `${scene.name}-${theme}-${language}.png`),
            animations: 'disabled',
          });
        } catch (error) {
          process.stderr.write(`${scene.name} ${theme} ${language}: ${String(error)}\n`);
          process.exitCode = 1;
        }
      }
    }
  }
} finally {
  await stage.close();
}
