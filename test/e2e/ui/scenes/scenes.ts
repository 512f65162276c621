import { fileScenes } from './files.ts';
import { folderScenes } from './folders.ts';
import { onboardingScenes } from './onboarding.ts';
import { otherScenes } from './others.ts';
import { popupScenes } from './popup.ts';
import type { Scene } from './scene.ts';

/** Every screen, step and dialog, as it may look. */
export const scenes: readonly Scene[] = [
  ...onboardingScenes,
  ...folderScenes,
  ...fileScenes,
  ...otherScenes,
  ...popupScenes,
];
