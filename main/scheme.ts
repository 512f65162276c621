import { protocol } from 'electron';
import { type UiFile, uiPolicy } from '../src/app/door/ui-files.ts';

/** The window's own scheme: no file of the disk and nothing of the network is ever a page. */
const scheme = 'holdfast-app';
export const uiOrigin = `${scheme}://ui`;

export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: false, corsEnabled: false };
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }]);
}

export function serveScheme(files: ReadonlyMap<string, UiFile>): void {
  protocol.handle(scheme, async (request) => answerFile(files, request.method, request.url));
}

/** The file at this address, or 404. */
export function answerFile(files: ReadonlyMap<string, UiFile>, method: string, address: string): Response {
  const url = URL.canParse(address) ? new URL(address) : null;
  const file = method === 'GET' && url?.host === 'ui' ? files.get(url.pathname) : undefined;
  if (file === undefined) return new Response(null, { status: 404, headers: safety });
  return new Response(new Uint8Array(file.read()), { headers: { ...safety, 'content-type': file.type } });
}

const safety = {
  'content-security-policy': uiPolicy("'none'"),
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};
