import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { rpcClient } from '../../../src/rpc/client.ts';
import type { Service } from '../../../src/rpc/contract.ts';
import type { HomeStatus, RpcEvent } from '../../../src/rpc/home-report.ts';
import { connectPage, type Page } from '../../../src/rpc/page-connection.ts';
import { type Port, portTransport, servePort } from '../../../src/rpc/port.ts';

const status: HomeStatus = { state: 'no-folders', message: '', isRunning: true, account: null, pairs: [] };

/** Two ends that hand each other copies, as processes do. */
function pairOfPorts() {
  const listeners = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const closed = new Set<() => void>();
  const end = (own: 0 | 1, other: 0 | 1): Port => ({
    post: (message) => {
      for (const listener of listeners[other]) listener(structuredClone(message));
    },
    onMessage: (listener) => {
      listeners[own].add(listener);
      return () => listeners[own].delete(listener);
    },
    onClose: (listener) => {
      closed.add(listener);
      return () => closed.delete(listener);
    },
  });
  return { near: end(0, 1), far: end(1, 0), close: () => [...closed].map((listener) => listener()) };
}

function served(answers: Partial<Service> = {}) {
  const { near, far, close } = pairOfPorts();
  const tell = new Set<(event: RpcEvent) => void>();
  const bugs: unknown[] = [];
  const service = {
    status: async () => status,
    listen: (listener: (event: RpcEvent) => void) => {
      tell.add(listener);
      return () => tell.delete(listener);
    },
    ...answers,
  } as unknown as Service;
  const stop = servePort(far, service, (error) => bugs.push(error));
  return { near, close, tell, bugs, stop, transport: portTransport(near), client: rpcClient(portTransport(near)) };
}

describe('the contract over a message port', () => {
  it('answers, and hands on events, both checked', async () => {
    const { client, tell, near, stop } = served();
    expect(await client.status({})).toEqual(status);
    const heard: RpcEvent[] = [];
    client.listen((event) => heard.push(event));
    for (const listener of tell) listener({ type: 'status', status });
    for (const listener of tell) listener({ type: 'status', status: 'nonsense' } as never);
    near.post({ type: 'event', event: 'from the wrong side' });
    expect(heard).toEqual([{ type: 'status', status }]);
    stop();
    expect(tell.size).toBe(0);
  });

  it('refuses input that is not of the contract, whatever the sender says it is', async () => {
    const { transport } = served();
    for (const [name, input] of [
      ['status', { surprise: 1 }],
      ['status', null],
      ['no-such-command', {}],
      ['__proto__', {}],
      ['constructor', {}],
    ] as const) {
      expect(await transport.ask(name as never, input), name).toMatchObject({ ok: false, failure: { kind: 'usage' } });
    }
  });

  it('does not believe an answer that is not of the contract', async () => {
    const { client } = served({ status: async () => ({ state: 'wonderful' }) as never });
    await expect(client.status({})).rejects.toMatchObject({ kind: 'bug' });
  });

  it('drops what is no message of the protocol', async () => {
    const { near, client } = served();
    for (const message of [null, 7, 'ask', [], { type: 'ask' }, { type: 'ask', id: 'x', name: 'status', input: {} }]) {
      near.post(message);
    }
    near.post({ type: 'ask', id: 1, name: 'x'.repeat(65), input: {} });
    near.post({ type: 'ask', id: 1, name: 'status', input: {}, extra: true });
    expect(await client.status({})).toEqual(status);
  });

  it('tells errors of ours as they are, and bugs without their words', async () => {
    const { client, bugs } = served({
      status: async () => {
        throw new HoldfastError('security', 'The server lied.', { security: 'E_FORK' });
      },
      stop: async () => {
        throw new TypeError('canary in a bug');
      },
    });
    await expect(client.status({})).rejects.toMatchObject({ kind: 'security', security: 'E_FORK' });
    const bug = await client.stop({}).catch((error: unknown) => error);
    expect(bug).toMatchObject({ kind: 'bug' });
    expect(String(bug)).not.toContain('canary');
    expect(bugs).toHaveLength(1);
  });

  it('rejects what is under way when the other end is gone, and all that comes after', async () => {
    const { transport, close } = served({ status: () => new Promise(() => undefined) });
    const asked = transport.ask('status', {});
    close();
    await expect(asked).rejects.toMatchObject({ reason: 'engine-gone' });
    await expect(transport.ask('status', {})).rejects.toMatchObject({ reason: 'engine-gone' });
  });
});

describe('a window of the app', () => {
  it('learns that the engine is gone, and that the next one is there', async () => {
    let tell: (event: unknown) => void = () => undefined;
    const line: boolean[] = [];
    const bridge = {
      ask: async () => ({ ok: true, value: status }),
      listen: (onEvent: (event: unknown) => void) => {
        tell = onEvent;
        return () => undefined;
      },
    };
    const page = { bridge, onLine: (isThere: boolean) => line.push(isThere) } as unknown as Page;
    const service = await connectPage(page);
    const heard: string[] = [];
    service.listen(({ type }) => heard.push(type));
    const failure = { kind: 'conflict', reason: 'engine-gone', message: 'gone', hint: null, security: null };
    tell({ type: 'failure', failure });
    tell({ type: 'failure', failure: { ...failure, reason: 'else' } });
    tell({ type: 'status', status });
    tell('nonsense');
    expect(line).toEqual([false, true]);
    expect(heard).toEqual(['failure', 'failure', 'status']);
  });
});
