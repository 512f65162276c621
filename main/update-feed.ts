import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopbackHost } from '../src/common/loopback.ts';

/**
 * The web folder that the package names as its feed, or null: then nothing is asked of anyone. Only where the system's own
 * signing is checked as well: on macOS the system takes what the same developer signed; on Windows so does the updater, once
 * it is told who that is; on Linux nothing is signed, and updates are the package manager's affair.
 */
export function verifiedFeed(resourcesFolder: string, platform: NodeJS.Platform): URL | null {
  try {
    const config = readFileSync(join(resourcesFolder, 'app-update.yml'), 'utf8');
    const isSigned = platform === 'darwin' || (platform === 'win32' && /^publisherName:\s*\S/m.test(config));
    // Another kind of provider has rules of its own for where its files are: there is no "beside" the feed.
    if (!isSigned || !/^provider:\s*generic\s*$/m.test(config)) return null;
    return feedAt(/^url:\s*(['"]?)(\S+)\1\s*$/m.exec(config)?.[2] ?? '');
  } catch {
    return null;
  }
}

function feedAt(text: string): URL | null {
  const url = URL.parse(text.endsWith('/') ? text : `${text}/`);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)) ? url : null;
}
