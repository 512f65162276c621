import net, { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connectBy } from '../../../src/remote/connect-by.ts';

it('an address gets more time at the next try, where no connection came to be with little', async () => {
  const given: unknown[] = [];
  const { connect } = net;
  const spy = vi.spyOn(net, 'connect').mockImplementation(((options: { autoSelectFamilyAttemptTimeout?: number }) => {
    given.push(options.autoSelectFamilyAttemptTimeout);
    return connect(options as Parameters<typeof connect>[0]);
  }) as typeof connect);
  onTestFinished(() => spy.mockRestore());
  const server = createServer((socket) => socket.end());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = connectBy(null);
  const tryOnce = (at: number): Promise<boolean> =>
    new Promise((resolve) =>
      open({ protocol: 'http:', hostname: 'localhost', host: `localhost:${at}`, port: String(at) }, (error, socket) => {
        socket?.destroy();
        resolve(error === null);
      }),
    );
  expect(await tryOnce(port)).toBe(true);
  // Nothing listens there.
  expect(await tryOnce(1)).toBe(false);
  expect(await tryOnce(port)).toBe(true);
  expect(await tryOnce(port)).toBe(true);
  expect(await tryOnce(1)).toBe(false);
  expect(await tryOnce(port)).toBe(true);
  expect(given).toEqual([250, 250, 2500, 2500, 2500, 250]);
});
