import { simDisks } from '../sim/disk/sim-traits.ts';
import { fileSystemContract } from './file-system-contract.ts';
import { makeSimFileSystem } from './sim-disk.ts';

fileSystemContract('simulated disk, ext4', () => makeSimFileSystem(simDisks.ext4, 'handle'));
fileSystemContract('simulated disk, parents looked at', () => makeSimFileSystem(simDisks.ext4, 'path'));
fileSystemContract('simulated disk, ext4, hasty', () => makeSimFileSystem(simDisks['ext4, hasty'], 'handle'));
