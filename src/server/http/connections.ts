import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  readonly open: number;
  watch(server: Server, isTls: boolean): void;
  /** A signed-in client asks: until the answer has left, the connection is not closed in favour of another. */
  hold(request: IncomingMessage, response: ServerResponse): void;
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Keeps at most `most` connections on which no signed-in client asks: beyond that, the least recently used one is closed. Held
 * ones do not count, or many listening clients would shut out everybody else.
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
      // TLS connections that have not shaken hands yet.
      const bare = new Map<string, Socket>();
      server.on('connection', (socket: Socket) => {
        const name = peerOf(socket);
        if (isTls) bare.set(name, socket);
        open++;
        socket.once('close', () => {
          open--;
          free.delete(socket);
          if (bare.get(name) === socket) bare.delete(name);
        });
        use(socket);
        const [first] = free;
        if (free.size > most) first?.destroy();
      });
      server.on('secureConnection', (socket: Socket) => {
        const name = peerOf(socket);
        const below = bare.get(name);
        bare.delete(name);
        if (below !== undefined) free.delete(below);
        socket.once('close', () => free.delete(socket));
        use(socket);
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
