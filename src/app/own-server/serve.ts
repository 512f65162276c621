import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HoldfastError } from '../../common/errors.ts';
import { lineLogger } from '../../common/line-logger.ts';
import type { LogLevel } from '../../common/logger.ts';
import { isLoopbackHost } from '../../common/loopback.ts';
import { ownFolder } from '../../common/name.ts';
import type { SignupPolicy } from '../../server/http/handlers.ts';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import { explained } from '../home/errno.ts';
import { makeFolders } from '../home/make-folders.ts';
import { realPlace } from '../home/real-place.ts';
import { systemClock } from '../system-clock.ts';

export interface ServeOptions {
  readonly dataFolder: string;
  /** `host:port`; port 0 is any that is free. */
  readonly listen: string;
  readonly origins: readonly string[];
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly isBehindProxy: boolean;
  readonly signup: SignupPolicy;
  /** Bytes for each account; null: no limit. */
  readonly quota: number | null;
  /** Opens the metrics to whoever has it; null: they are for this computer alone, and behind a proxy for nobody. */
  readonly metricsToken: string | null;
  readonly level: LogLevel;
  /** Takes one line of JSON. */
  readonly writeLog: (line: string) => void;
  /** As of `ServerOptions`. */
  readonly onFailed: (error: HoldfastError) => void;
}

/** The storage server of this project, alone in its process. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { host, port } = parseListen(options.listen);
  if (!isLoopbackHost(host.includes(':') ? `[${host}]` : host) && options.tls === null && !options.isBehindProxy) {
    throw new HoldfastError('usage', 'Other computers only talk to a server by https.', {
      reason: 'no-tls',
      hint: 'Give --tls-key and --tls-cert, or put a proxy with https in front and say --behind-proxy.',
    });
  }
  refuseSynced(options.dataFolder);
  try {
    makeFolders(options.dataFolder, 0o700);
    return await startServer({
      dataDir: options.dataFolder,
      listen: { host, port },
      clock: systemClock,
      logger: lineLogger(options.level, systemClock.now, options.writeLog),
      origins: options.origins,
      trustProxy: options.isBehindProxy,
      signup: options.signup,
      quota: options.quota,
      onFailed: options.onFailed,
      ...(options.metricsToken === null ? {} : { metricsToken: options.metricsToken }),
      ...(options.tls === null ? {} : { tls: options.tls }),
    });
  } catch (error) {
    throw explained(error, `The data folder ${options.dataFolder} cannot be used`);
  }
}

/** In a folder that is synced, each sync would change what is to be synced. What is there already may have lost its pair. */
function refuseSynced(dataFolder: string): void {
  if (existsSync(join(dataFolder, 'format'))) return;
  for (let at = realPlace(dataFolder) ?? dataFolder; dirname(at) !== at; at = dirname(at)) {
    if (!existsSync(join(at, ownFolder, 'marker'))) continue;
    throw new HoldfastError('refused', `The data folder ${dataFolder} lies in ${at}, which is synced.`, {
      reason: 'nested',
      hint: 'Choose a folder that is not synced.',
    });
  }
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]\s]+)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new HoldfastError('usage', `“${text}” is no address to listen on; it looks like 127.0.0.1:8080.`, {
      reason: 'listen',
    });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}
