import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../../helpers/eventually.ts';

/** Resolves when something listens on that port of loopback. */
export async function untilListening(port: number): Promise<void> {
  await eventually(
    async () => {
      const socket = connect(port, '127.0.0.1');
      try {
        await once(socket, 'connect');
        return true;
      } finally {
        socket.destroy();
      }
    },
    { within: 20_000, what: `something on port ${port}` },
  );
}
