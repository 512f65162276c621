/** `statfs` numbers of Linux (linux/magic.h and the file systems' own sources). Other systems use other numbers. */
const fat = 0x4d44;
const exfat = 0x2011bab0;
const fuse = 0x65735546;

const remote: ReadonlySet<number> = new Set([
  fuse,
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x01021997, // 9p
  0x5346414f, // AFS
  0x6b414653, // kAFS
  0x00c36400, // Ceph
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
  0x73757245, // Coda
  0x786f4256, // VirtualBox shared folders
  0xbacbacbc, // VMware shared folders
]);

/** What the kernel makes up as it is looked at. */
const madeUp: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x1cd1, // devpts
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x62656570, // configfs
]);

const isLinux = process.platform === 'linux';

/** File numbers survive a remount and the cache. FAT has none and makes them up; FUSE file systems may. */
export const hasStableIds = (type: number): boolean => !isLinux || (type !== fat && type !== exfat && type !== fuse);

/**
 * Every change, whoever makes it, goes through this machine's kernel, so that it gives events. `real`: the path behind all links
 * and, on Windows, behind the letters of network drives.
 */
export const isLocalVolume = (type: number, real: string, platform = process.platform): boolean =>
  platform === 'win32' ? !/^[\\/]{2}(?![?.])/.test(real) : platform !== 'linux' || !remote.has(type >>> 0);

/** Nothing in it is anybody's file. */
export const holdsNoFiles = (type: number): boolean => isLinux && madeUp.has(type >>> 0);
