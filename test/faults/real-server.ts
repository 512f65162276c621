import { join } from 'node:path';
import { type Child, repository, startNode } from '../helpers/run.ts';
import type { FaultProxy } from './fault-proxy.ts';

/** `holdfast serve` behind a proxy: its address stays the same whenever it is started anew. */
export interface RealServer {
  readonly data: string;
  /** Throws if it is not running. */
  readonly child: Child;
  /** Its own address, past the proxy. */
  readonly url: string;
  start(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export function realServer(options: {
  readonly data: string;
  readonly proxy: FaultProxy;
  readonly words: readonly string[];
  readonly imports: readonly string[];
}): RealServer {
  const { data, proxy } = options;
  let child: Child | null = null;
  let url = '';
  const running = (): Child => {
    if (child === null) throw new Error('the server is not running');
    return child;
  };
  return {
    data,
    get child() {
      return running();
    },
    get url() {
      return url;
    },
    start: async () => {
      const imports = options.imports.flatMap((file) => ['--import', file]);
      const words = ['serve', '--data', data, '--origin', proxy.url, '--json', ...options.words];
      child = startNode([...imports, join(repository, 'src/cli/holdfast.mjs'), ...words]);
      url = (JSON.parse(await child.line((line) => line.startsWith('{'))) as { url: string }).url;
      proxy.aim(url);
    },
    kill: async (signal = 'SIGKILL') => {
      await child?.kill(signal);
      child = null;
    },
  };
}
