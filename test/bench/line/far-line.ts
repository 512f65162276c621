import { createServer, connect as dial, type Socket } from 'node:net';

/**
 * A program: a line to a server that is far away. `node far-line.ts PORT SERVER-PORT ROUND-TRIP-MS MBIT-PER-SECOND`.
 * Each byte arrives half a round trip after its last one before it has gone through a line of that rate, which all connections
 * share, one line each way; to connect takes a round trip. There is no slow start and nothing gets lost.
 */
const [port = 0, target = 0, roundTrip = 0, rate = 0] = process.argv.slice(2).map(Number);
const half = roundTrip / 2;
const bytesPerMs = (rate * 1e6) / 8 / 1000;
/** What a connection has on its way before it has to wait: twice what fits on the line. */
const window = Math.max(256 * 1024, 2 * bytesPerMs * roundTrip);

interface Way {
  /** When what comes now has left the line, milliseconds. */
  readonly leaves: (bytes: number) => number;
}

function way(): Way {
  let free = 0;
  return {
    leaves: (bytes) => {
      free = Math.max(free, performance.now()) + bytes / bytesPerMs;
      return free;
    },
  };
}

interface Arriving {
  readonly at: number;
  /** Null: the end. */
  readonly bytes: Buffer | null;
}

function carry(from: Socket, to: Socket, { leaves }: Way): void {
  const onWay: Arriving[] = [];
  let bytesOnWay = 0;
  let isWaiting = false;
  const arrive = (): void => {
    isWaiting = false;
    for (let next = onWay[0]; next !== undefined && next.at <= performance.now(); next = onWay[0]) {
      onWay.shift();
      if (next.bytes === null) to.end();
      else {
        bytesOnWay -= next.bytes.length;
        if (!to.destroyed) to.write(next.bytes);
      }
    }
    if (bytesOnWay < window) from.resume();
    wait();
  };
  const wait = (): void => {
    const [next] = onWay;
    if (next === undefined || isWaiting) return;
    isWaiting = true;
    setTimeout(arrive, Math.max(0, next.at - performance.now()));
  };
  from.on('data', (bytes) => {
    onWay.push({ at: leaves(bytes.length) + half, bytes });
    bytesOnWay += bytes.length;
    if (bytesOnWay >= window) from.pause();
    wait();
  });
  from.on('end', () => {
    onWay.push({ at: performance.now() + half, bytes: null });
    wait();
  });
  from.on('error', () => to.destroy());
}

const [there, back] = [way(), way()];
createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
  const server = dial({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
  server.once('connect', () => {
    setTimeout(() => {
      carry(client, server, there);
      carry(server, client, back);
      client.resume();
    }, half);
  });
}).listen(port, '127.0.0.1', () => process.stdout.write('open\n'));
