import { simDisks } from '../sim/disk/sim-traits.ts';
import { asWindowsFat } from '../sim/disk/windows-fat.ts';
import { fileSystemContract } from './file-system-contract.ts';
import { makeSimFileSystem } from './sim-disk.ts';

for (const [name, traits] of Object.entries(simDisks)) {
  fileSystemContract(`simulated disk, ${name}`, () => makeSimFileSystem(traits, 'handle'));
}
fileSystemContract('simulated disk, parents looked at', () => makeSimFileSystem(simDisks.ext4, 'path'));
fileSystemContract('simulated disk, FAT as Windows shows it', () =>
  makeSimFileSystem(simDisks.fat, 'path', asWindowsFat),
);
