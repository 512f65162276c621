import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createTools } from '../measure/tools.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { untilListening } from './until-listening.ts';

export const unison: Peer = {
  name: 'unison',
  title: 'Unison, over a socket to its server: unencrypted',
  isEncrypted: false,
  isRemote: true,
  isSync: true,
  programs: ['unison'],
  version: ['unison', '-version'],
  open: async ({ folders: [a, b], server, state }) => {
    const tools = createTools();
    const port = await freePort();
    const home = async (name: string) => {
      const folder = join(state, name);
      await mkdir(folder);
      return { UNISON: folder, HOME: folder };
    };
    tools.stay('server', 'unison', ['-socket', String(port), '-listen', '127.0.0.1'], { env: await home('server') });
    await untilListening(port);
    const sync = async (folder: string, name: string) => {
      const env = await home(name);
      const words = [folder, `socket://127.0.0.1:${port}/${server}`, '-ui', 'text', '-batch', '-auto', '-silent'];
      return async () => void (await tools.run('unison', [...words, '-times', '-confirmbigdel=false'], { env }));
    };
    return { tools, up: await sync(a, 'a'), down: await sync(b, 'b'), across: null, close: tools.close };
  },
  live: null,
};
