import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { HoldfastError } from '../common/errors.ts';
import { byteCount } from './byte-count.ts';
import { type Define, flag, type Options, textOption } from './command.ts';
import { exitCode } from './exit-code.ts';
import { localFolder } from './place.ts';
import { untilSignal } from './until-signal.ts';

export const define: Define = (command, run) => {
  command
    .requiredOption('--data <folder>', 'the folder that holds everything the server stores; created if need be')
    .option('--listen <host:port>', 'the address to listen on; port 0 takes any free one', '127.0.0.1:0')
    .option('--origin <url...>', 'the address that clients use, like https://sync.example.org')
    .option('--tls-key <file>', 'the private key, if the server itself does HTTPS')
    .option('--tls-cert <file>', 'the certificate chain that goes with it')
    .option('--behind-proxy', 'a proxy in front does HTTPS and sets X-Forwarded-For')
    .option('--closed', 'accept no new accounts')
    .option('--quota <bytes>', 'the most that each account may store, like 20G (GiB)')
    .option('--verbose', 'log requests')
    .addHelpText(
      'after',
      '\nCounters for Prometheus are at /v1/metrics. They are for this computer alone; behind a proxy, or from elsewhere, they are\n' +
        'for whoever sends the value of HOLDFAST_METRICS_TOKEN, set for the server, as a bearer token.',
    );
  run(async (invocation, options) => {
    const { output, environment } = invocation;
    const dataFolder = localFolder(invocation, textOption(options, 'data'));
    const { serve } = await import('../app/own-server/serve.ts');
    const { collectWhenIdle } = await import('../app/collect-when-idle.ts');
    const { signalled, release } = untilSignal();
    const failed = Promise.withResolvers<HoldfastError>();
    const origins = options['origin'];
    const server = await serve({
      dataFolder,
      listen: textOption(options, 'listen') ?? '127.0.0.1:0',
      origins: Array.isArray(origins) ? origins : [],
      tls: tlsOf(options),
      isBehindProxy: flag(options, 'behindProxy'),
      signup: flag(options, 'closed') ? 'closed' : 'open',
      quota: quotaOf(options),
      metricsToken: environment['HOLDFAST_METRICS_TOKEN'] || null,
      level: flag(options, 'verbose') ? 'info' : 'warn',
      writeLog: output.note,
      onFailed: failed.resolve,
    });
    collectWhenIdle();
    output.result({ url: server.url, pid: process.pid }, () => `The server listens on ${server.url}`);
    const failure = await Promise.race([signalled, failed.promise]);
    release();
    await server.close();
    // It ends, so that whoever keeps it running starts it anew.
    if (failure !== undefined) throw failure;
    return exitCode.done;
  });
};

function tlsOf(options: Options): { readonly key: string; readonly cert: string } | null {
  const key = textOption(options, 'tlsKey');
  const cert = textOption(options, 'tlsCert');
  if (key === null && cert === null) return null;
  if (key === null || cert === null) throw new HoldfastError('usage', '--tls-key and --tls-cert go together.');
  const tls = { key: readPem(key), cert: readPem(cert) };
  try {
    createSecureContext(tls);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : '';
    throw new HoldfastError('usage', `${key} and ${cert} are no key and its certificate: ${why}.`, { cause });
  }
  return tls;
}

function readPem(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new HoldfastError('usage', `${path} cannot be read.`, { cause });
  }
  // Node takes an empty text for none, and would let a server run that nobody can talk to.
  if (text.trim() === '') throw new HoldfastError('usage', `${path} is empty.`);
  return text;
}

function quotaOf(options: Options): number | null {
  const text = textOption(options, 'quota');
  if (text === null) return null;
  const bytes = byteCount(text);
  if (bytes === null) throw new HoldfastError('usage', '--quota takes a number of bytes, like 500M or 20G.');
  return bytes;
}
