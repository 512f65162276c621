import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Connections {
  readonly open: number;
  watch(server: Server, isTls: boolean): void;
  /** Somebody who is signed in asks; until the answer has left, the connection is not given up for another one. */
  hold(request: IncomingMessage, response: ServerResponse): void;
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/**
 * Of connections on which nobody who is signed in asks, keeps `most`: where there are more, the one that was used longest ago
 * is closed. Those that are held do not count, or so many clients that listen would turn away whoever comes.
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
      // Of TLS: until it has shaken hands.
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
