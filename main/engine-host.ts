import { join } from 'node:path';
import { z } from 'zod';
import { answerHost, type HostAnswers } from '../src/app/host/host-port.ts';
import type { Running } from '../src/app/own-server/keep-running.ts';
import { HoldfastError } from '../src/common/errors.ts';
import { rpcClient, type Transport } from '../src/rpc/client.ts';
import type { Service } from '../src/rpc/contract.ts';
import { errorFrom, failure } from '../src/rpc/failure.ts';
import { portTransport } from '../src/rpc/port.ts';
import { endChild, startChild } from './child.ts';

/** The engine, as the app talks to it. */
export interface Engine {
  readonly transport: Transport;
  readonly service: Service;
}

interface EngineOptions {
  readonly homeFolder: string;
  readonly hasSystemKeychain: boolean;
  readonly node: string | null;
  readonly answers: HostAnswers;
}

const failed = z.object({ type: z.literal('failed'), failure });

/** How long the engine may take to finish what runs, in milliseconds; what is cut off is done again at the next start. */
const patience = 20_000;

/** Starts the engine's process. */
export function startEngine({ homeFolder, hasSystemKeychain, node, answers }: EngineOptions): Running<Engine> {
  const file = join(import.meta.dirname, 'engine.js');
  const args = [homeFolder, ...(hasSystemKeychain ? ['system-keychain'] : [])];
  const child = startChild({ file, args, name: 'Holdfast engine', node });
  const { port, gone } = child;
  const transport = portTransport(port);
  answerHost(port, answers);
  const ready = new Promise<Engine>((resolve, reject) => {
    port.onMessage((message) => {
      if (message === 'ready') resolve({ transport, service: rpcClient(transport) });
      const said = failed.safeParse(message);
      if (said.success) reject(errorFrom(said.data.failure));
    });
    void gone.then(() =>
      reject(new HoldfastError('conflict', 'The engine ended before it was ready.', { reason: 'engine-gone' })),
    );
  });
  return { ready, gone, stop: () => endChild(child, patience) };
}
