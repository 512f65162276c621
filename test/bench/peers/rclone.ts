import { join } from 'node:path';
import { createTools } from '../measure/tools.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { untilListening } from './until-listening.ts';

export const rclone: Peer = {
  name: 'rclone',
  title: 'rclone crypt, over WebDAV to `rclone serve webdav`',
  isEncrypted: true,
  isRemote: true,
  isSync: true,
  programs: ['rclone'],
  version: ['rclone', 'version'],
  open: async ({ folders: [a, b], server, state }) => {
    const tools = createTools();
    const port = await freePort();
    const config = { RCLONE_CONFIG: join(state, 'rclone.conf') };
    const password = await tools.run('rclone', ['obscure', 'quiet lamp orbits seven pines'], { env: config });
    const env = {
      ...config,
      RCLONE_CONFIG_DAV_TYPE: 'webdav',
      RCLONE_CONFIG_DAV_URL: `http://127.0.0.1:${port}`,
      RCLONE_CONFIG_DAV_VENDOR: 'other',
      RCLONE_CONFIG_SAFE_TYPE: 'crypt',
      RCLONE_CONFIG_SAFE_REMOTE: 'dav:',
      RCLONE_CONFIG_SAFE_PASSWORD: password.trim(),
    };
    tools.stay('server', 'rclone', ['serve', 'webdav', server, '--addr', `127.0.0.1:${port}`], { env: config });
    await untilListening(port);
    return {
      tools,
      up: async () => void (await tools.run('rclone', ['sync', a, 'safe:'], { env })),
      down: async () => void (await tools.run('rclone', ['sync', 'safe:', b], { env })),
      across: null,
      close: tools.close,
    };
  },
  live: null,
};
