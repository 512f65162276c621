import { diskContract } from './disk-contract.ts';
import { realDisk, simDisk } from './disks.ts';

if (process.platform === 'linux') diskContract('real', realDisk);
else process.stderr.write('SKIPPED: the contract of the disk is that of Linux\n');
diskContract('simulated', simDisk);
