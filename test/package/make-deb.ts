import { join } from 'node:path';
import installer from 'electron-installer-debian';
import { repository } from '../helpers/run.ts';

const iconSizes = [16, 24, 32, 48, 64, 128, 256, 512];

/**
 * Makes a .deb in `folder` of an app as electron-builder's `dir` leaves it, with Debian's own tools alone: what makes those that are
 * handed out has to be fetched. Resolves with its path.
 */
export async function makeDeb(appFolder: string, folder: string, version: string): Promise<string> {
  const icons = join(repository, 'resources', 'icons');
  const made = await installer({
    src: appFolder,
    dest: folder,
    arch: process.arch === 'arm64' ? 'arm64' : 'amd64',
    options: {
      // Also the name of its command and its folder: `holdfast` alone is the command line.
      name: 'holdfast-desktop',
      bin: 'holdfast-desktop',
      productName: 'Holdfast',
      genericName: 'Folder sync',
      description: 'Folder sync across your computers, end-to-end encrypted',
      productDescription:
        'Keeps folders in step across your computers. What changes is sealed with keys that never leave your devices.',
      version,
      compression: 'none',
      maintainer: 'Holdfast <packages@holdfast.invalid>',
      section: 'net',
      categories: ['Network', 'FileTransfer', 'Utility'],
      depends: ['libsecret-1-0'],
      icon: {
        ...Object.fromEntries(iconSizes.map((size) => [`${size}x${size}`, join(icons, `${size}x${size}.png`)])),
        scalable: join(icons, 'icon.svg'),
      },
    },
  });
  const [path] = made.packagePaths;
  if (path === undefined) throw new Error('No package was made.');
  return path;
}
