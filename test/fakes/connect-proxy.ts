import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxy {
  readonly url: URL;
  /** Hosts and ports that it was asked to connect to. */
  readonly asked: readonly string[];
  /** What it was told of who asks: the latest `Proxy-Authorization`. */
  readonly credentials: () => string | undefined;
  /** Answers so to all that comes, instead of connecting; null: connects again. */
  refuse(status: number | null): void;
  close(): Promise<void>;
}

/** A proxy as networks have them: it connects to `port` of this computer, whatever host it is asked for. */
export async function startConnectProxy(port: number): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let credentials: string | undefined;
  let refusal: number | null = null;
  const server = createServer((_, response) => response.writeHead(400).end());
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    asked.push(url);
    credentials = headers['proxy-authorization'];
    sockets.add(client);
    client.on('error', () => undefined);
    if (refusal !== null) return void client.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\n\r\n`);
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    sockets.add(target);
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked,
    credentials: () => credentials,
    refuse: (status) => {
      refusal = status;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
