import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTools } from '../measure/tools.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { untilListening } from './until-listening.ts';

export const rsync: Peer = {
  name: 'rsync',
  title: 'rsync to its daemon: the floor, unencrypted',
  isEncrypted: false,
  isRemote: true,
  isSync: true,
  programs: ['rsync'],
  version: ['rsync', '--version'],
  open: async ({ folders: [a, b], server, state }) => {
    const tools = createTools();
    const port = await freePort();
    const config = join(state, 'rsyncd.conf');
    await writeFile(config, `use chroot = no\n[bench]\npath = ${server}\nread only = no\n${asOwner()}`);
    const words = ['--daemon', '--no-detach', '--address=127.0.0.1', `--port=${port}`, `--config=${config}`];
    // A socket as its standard input, as Node's pipes are, would mean to it that inetd started it for one connection.
    tools.stay('server', 'sh', ['-c', 'exec rsync "$@" </dev/null', 'sh', ...words]);
    await untilListening(port);
    const module = `rsync://127.0.0.1:${port}/bench/`;
    const copy = (from: string, to: string) => async () =>
      void (await tools.run('rsync', ['--archive', '--delete', from, to]));
    return { tools, up: copy(`${a}/`, module), down: copy(module, `${b}/`), across: null, close: tools.close };
  },
  live: null,
};

/** A daemon of root's gives up its rights unless told whose to keep. */
const asOwner = (): string =>
  process.getuid?.() === 0 ? `uid = ${process.getuid?.()}\ngid = ${process.getgid?.()}\n` : '';
