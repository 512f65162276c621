import { join } from 'node:path';
import { createTools } from '../measure/tools.ts';
import type { Peer } from './peer.ts';

export const borg: Peer = {
  name: 'borg',
  title: 'borg, to a repository on the same disk',
  isEncrypted: true,
  isRemote: false,
  isSync: false,
  programs: ['borg'],
  version: ['borg', '--version'],
  open: async ({ folders: [a, b], server, state }) => {
    const tools = createTools();
    const repository = join(server, 'repository');
    const env = { BORG_BASE_DIR: state, BORG_REPO: repository, BORG_PASSPHRASE: 'quiet lamp orbits seven pines' };
    await tools.run('borg', ['init', '--encryption', 'repokey-blake2'], { env });
    let archive = 0;
    return {
      tools,
      up: async () => {
        archive++;
        await tools.run('borg', ['create', `::${archive}`, '.'], { env, cwd: a });
      },
      down: async () => void (await tools.run('borg', ['extract', `::${archive}`], { env, cwd: b })),
      across: null,
      close: tools.close,
    };
  },
  live: null,
};
