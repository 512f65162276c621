import type { Replica } from '../../fakes/plan-world.ts';

/** What both sides agree on before anything changes. */
export const before = { 'd/f': '0', 'd/k': 'kk', 'e/': '', 'h/': '' };

/** What marks a side's changes: names, contents and folders of its own; of different lengths, so that sizes tell. */
export interface Mark {
  readonly text: string;
  readonly folder: string;
}

export const here: Mark = { text: 'here', folder: 'e' };
export const there: Mark = { text: 'there!', folder: 'h' };

/** Everything that one side can do to file `d/f`, to its folder, and beside it. */
export const changes: Readonly<Record<string, (side: Replica, mark: Mark) => unknown>> = {
  nothing: () => undefined,
  edit: (side, { text }) => side.write('d/f', text),
  'edit alike': (side) => side.write('d/f', 'like'),
  'exec bit': (side) => side.chmod('d/f'),
  rename: (side, { text }) => side.mv('d/f', `d/${text}`),
  move: (side, { folder }) => side.mv('d/f', `${folder}/f`),
  'move alike': (side) => side.mv('d/f', 'f'),
  'move and edit': (side, { text, folder }) => side.write('d/f', text).mv('d/f', `${folder}/f`),
  delete: (side) => side.rm('d/f'),
  'delete and create': (side, { text }) => side.rm('d/f').write('d/f', text),
  'into a folder': (side, { text }) => side.rm('d/f').write('d/f/x', text),
  'exchange names': (side) => side.mv('d/f', 't').mv('d/k', 'd/f').mv('t', 'd/k'),
  'move over it': (side) => side.mv('d/k', 'd/f'),
  'delete folder': (side) => side.rm('d'),
  'rename folder': (side, { text }) => side.mv('d', text),
  'move folder': (side, { folder }) => side.mv('d', `${folder}/d`),
  'folder into a file': (side, { text }) => side.rm('d').write('d', text),
  'put into its child': (side) => side.mkdir('d/c').mv('d/c', 'c').mv('d', 'c/d'),
  create: (side, { text }) => side.write('d/n', text),
  'create alike': (side) => side.write('d/n', 'like'),
  'create of that size': (side, { text }) => side.write('d/n', text.slice(0, 4)),
  'create folder': (side, { text }) => side.write(`d/n/${text}`, text),
};
