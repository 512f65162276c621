import { accessSync, constants } from 'node:fs';
import { canAnchorByHandle } from '../../src/local/local-root.ts';
import { fileSystemContract } from './file-system-contract.ts';
import { makeNodeDisk } from './node-disk.ts';

fileSystemContract('real disk, parents looked at', () => makeNodeDisk('path'));
if (canAnchorByHandle()) fileSystemContract('real disk, parents held', () => makeNodeDisk('handle'));

const memory = '/dev/shm';
try {
  accessSync(memory, constants.W_OK);
  fileSystemContract('tmpfs', () => makeNodeDisk(canAnchorByHandle() ? 'handle' : 'path', memory));
} catch {
  process.stderr.write('SKIPPED: no tmpfs here\n');
}
