import { join } from 'node:path';
import { throughLine } from '../line/through-line.ts';
import { createTools } from '../measure/tools.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { untilListening } from './until-listening.ts';

export const restic: Peer = {
  name: 'restic',
  title: 'restic, over HTTP to `rclone serve restic`',
  isEncrypted: true,
  isRemote: true,
  isSync: false,
  programs: ['restic', 'rclone'],
  version: ['restic', 'version'],
  open: async ({ folders: [a, b], line, server, state }) => {
    const tools = createTools();
    const port = await freePort();
    const near = await throughLine(tools, line, port);
    const env = {
      RESTIC_REPOSITORY: `rest:http://127.0.0.1:${near}/`,
      RESTIC_PASSWORD: 'quiet lamp orbits seven pines',
      RESTIC_CACHE_DIR: join(state, 'cache'),
      RCLONE_CONFIG: join(state, 'rclone.conf'),
    };
    tools.stay('server', 'rclone', ['serve', 'restic', server, '--addr', `127.0.0.1:${port}`], { env });
    await untilListening(port);
    await tools.run('restic', ['init', '--quiet'], { env });
    return {
      tools,
      up: async () => void (await tools.run('restic', ['backup', '.', '--quiet'], { env, cwd: a })),
      down: async () => void (await tools.run('restic', ['restore', 'latest', '--target', b, '--quiet'], { env })),
      across: null,
      close: tools.close,
    };
  },
  live: null,
};
