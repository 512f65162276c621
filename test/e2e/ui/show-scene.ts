import type { Page } from 'playwright-core';
import { catalogues } from '../../../renderer/i18n/catalogues.ts';
import { must } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { settings } from './made-up/computer.ts';
import { type Scene, sizes } from './scenes/scene.ts';
import { type Stage, tell } from './stage.ts';

export interface Look {
  language: string;
  readonly theme: 'light' | 'dark';
}

/** The window as the scene has it, when it has come to rest. The look stays the window's: see `speak`. */
export async function showScene(stage: Stage, scene: Scene, look: Look): Promise<Page> {
  const answers = { ...scene.answers(), 'settings-get': () => ({ ...settings, ...look }) };
  const page = await stage.show(answers, { at: scene.at, size: sizes[scene.size ?? 'large'] });
  await page.locator('main').waitFor();
  await scene.act?.(page, must(catalogues[look.language]));
  await page.evaluate(rest);
  return page;
}

/** The same window, as it stands, in another language: a person has chosen it. */
export async function speak(page: Page, look: Look, language: string): Promise<void> {
  look.language = language;
  await tell(page, { type: 'changed', parts: ['settings'], pair: null });
  await eventually(async () => (await page.evaluate('document.documentElement.lang')) === language);
}

/** What moves in is half transparent on the way; what turns for ever is not waited for. */
const rest = `Promise.all(document.getAnimations().map((each) =>
  each.effect.getComputedTiming().iterations === Infinity ? null : each.finished.catch(() => null)))`;
