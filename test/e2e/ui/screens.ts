import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../../helpers/run.ts';
import { entries } from './made-up/files.ts';
import { syncing, throughput } from './made-up/statuses.ts';
import { usual } from './made-up/usual.ts';
import type { Scene } from './scenes/scene.ts';
import { showScene } from './show-scene.ts';
import { openStage } from './stage.ts';

/** Makes the README's pictures of the window, on a stage, so that they are the same on every computer. */
const target = join(repository, 'resources', 'screens');
const size = { width: 1040, height: 600 };

const pictures: readonly { readonly scene: Scene; readonly theme: 'light' | 'dark' }[] = [
  {
    theme: 'light',
    scene: {
      name: 'folders',
      at: 'folders',
      answers: () => ({ ...usual(syncing), throughput: () => ({ samples: throughput() }) }),
      act: async (page) => page.locator('figure svg').waitFor(),
    },
  },
  {
    theme: 'dark',
    scene: {
      name: 'files',
      at: 'files',
      answers: () => ({
        ...usual(),
        browse: () => {
          const shown = entries().filter(({ name }) => /^[\w ().,-]{1,72}$/.test(name));
          return { entries: shown, total: shown.length };
        },
      }),
      act: async (page, t) => {
        await page.getByRole('row', { name: /budget/ }).click();
        await page.getByText(t.files.current).waitFor();
      },
    },
  },
];

await mkdir(target, { recursive: true });
const stage = await openStage();
try {
  for (const { scene, theme } of pictures) {
    const page = await showScene(stage, scene, { language: 'en', theme });
    await page.setViewportSize(size);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(target, `${scene.name}.png`), animations: 'disabled' });
  }
} finally {
  await stage.close();
}
