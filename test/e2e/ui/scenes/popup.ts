import { refused, syncing, troubled } from '../made-up/statuses.ts';
import { nobody, usual } from '../made-up/usual.ts';
import { failing, tell } from '../stage.ts';
import type { Scene } from './scene.ts';

/** The window in small, at the tray. */
export const popupScenes: readonly Scene[] = [
  {
    name: 'popup',
    at: 'popup',
    size: 'popup',
    answers: usual,
    act: async (page) => page.getByText('electricity.pdf').waitFor(),
  },
  { name: 'popup-troubled', at: 'popup', size: 'popup', answers: () => usual(troubled) },
  { name: 'popup-syncing', at: 'popup', size: 'popup', answers: () => usual(syncing) },
  {
    name: 'popup-lost',
    at: 'popup',
    size: 'popup',
    answers: () => usual(syncing),
    act: async (page) => {
      await page.getByRole('listitem').first().waitFor();
      await tell(page, { type: 'stopping' });
    },
  },
  {
    name: 'popup-refused',
    at: 'popup',
    size: 'popup',
    answers: () => ({
      ...usual(refused),
      activity: failing('The server does not let this device in any more.', 'refused'),
    }),
  },
  { name: 'popup-signed-out', at: 'popup', size: 'popup', answers: nobody },
];
