import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = Uint8Array | ((response: ServerResponse) => void);

/** A feed as a host of updates is: a folder of files, on loopback. It remembers what it was asked for. */
export interface UpdateFeed extends AsyncDisposable {
  readonly url: string;
  readonly files: Map<string, Answer>;
  readonly asked: string[];
}

export async function openUpdateFeed(): Promise<UpdateFeed> {
  const files = new Map<string, Answer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    // What follows the question mark is for caches on the way.
    const name = (request.url ?? '/').slice(1).replace(/\?.*/, '');
    asked.push(name);
    const answer = files.get(name);
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === 'function') answer(response);
    else response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    files,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
