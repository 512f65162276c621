import type { Page } from 'playwright-core';
import { catalogues } from '../../../renderer/i18n/catalogues.ts';
import { must } from '../../../src/common/errors.ts';
import * as made from './made-up.ts';
import { type Scene, sizes } from './scenes.ts';
import type { Stage } from './stage.ts';

export interface Look {
  readonly language: string;
  readonly theme: 'light' | 'dark';
}

/** The window as the scene has it, when it has come to rest. */
export async function showScene(stage: Stage, scene: Scene, { language, theme }: Look): Promise<Page> {
  const answers = { ...scene.answers(), 'settings-get': () => ({ ...made.settings, language, theme }) };
  const page = await stage.show(answers, { at: scene.at, size: sizes[scene.size ?? 'large'] });
  await page.locator('main').waitFor();
  await scene.act?.(page, must(catalogues[language]));
  await page.evaluate(rest);
  return page;
}

/** What moves in is half transparent on the way; what turns for ever is not waited for. */
const rest = `Promise.all(document.getAnimations().map((each) =>
  each.effect.getComputedTiming().iterations === Infinity ? null : each.finished.catch(() => null)))`;
