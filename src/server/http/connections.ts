import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  readonly open: number;
  watch(server: Server, isTls: boolean): void;
  /** Somebody who is signed in asks; until the answer has left, the connection is not given up for another one. */
  hold(request: IncomingMessage, response: ServerResponse): void;
}

/**
 * Keeps `most` connections at most: where there are more, the one is closed that was used longest ago and on which nobody
 * asks who is signed in.
 */
export function boundConnections(most = 4000): Connections {
  let open = 0;
  // Least recently used first.
  const free = new Set<Socket>();

  const use = (socket: Socket): void => {
    free.delete(socket);
    if (!socket.destroyed) free.add(socket);
  };
  return {
    get open() {
      return open;
    },
    watch: (server, isTls) => {
      server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
        open++;
        socket.once('close', () => {
          open--;
          free.delete(socket);
        });
        use(socket);
        const [first] = free;
        if (open > most) first?.destroy();
      });
      server.on('request', ({ socket }: IncomingMessage) => {
        if (free.has(socket)) use(socket);
      });
    },
    hold: ({ socket }, response) => {
      free.delete(socket);
      response.once('close', () => use(socket));
    },
  };
}
