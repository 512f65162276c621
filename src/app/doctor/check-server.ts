import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type HoldfastError, isKind } from '../../common/errors.ts';
import { agentBy } from '../../remote/connect-by.ts';
import type { FindProxy } from '../../remote/find-proxy.ts';
import { plainAddress } from '../../remote/proxy-address.ts';
import { transportFailure } from '../../remote/reply-failure.ts';
import { trustSystem } from '../../remote/system-trust.ts';
import type { DoctorCheck } from '../../rpc/home-report.ts';
import type { Device } from '../device.ts';
import { ownServerProblem } from '../own-server/own-server-problem.ts';
import { check, type Finding, fine, named, skipped } from './check.ts';

const within = 10_000;
/** A clock that is further off makes times in the history wrong, though nothing is decided by them. */
const skewWarned = 2 * 60_000;

export async function checkServer(device: Device): Promise<DoctorCheck[]> {
  const account = device.account();
  if (account === null) {
    return [named('connection', skipped('Nobody is signed in.')), named('clock', skipped('Nobody is signed in.'))];
  }
  const { clock, findProxy = null } = device.ports;
  let skew: number | null = null;
  const connection = await check('connection', async () => {
    const why = ownServerProblem(device.ports, account.server);
    if (why !== null) return { result: 'failed', message: why };
    // Else the first try could only find out whom to trust.
    trustSystem();
    const started = clock.monotonic();
    const date = await askDate(account.server, findProxy);
    const took = clock.monotonic() - started;
    skew = date === null ? null : clock.now() - took / 2 - date;
    const session = await device.session();
    try {
      await session.refresh();
    } catch (error) {
      if (isKind(error, 'security') || isKind(error, 'refused')) throw error;
      const { message, hint } = error as HoldfastError;
      return { result: 'warning', message: `${account.server} answers, but: ${message}`, hint };
    }
    const proxy = (await findProxy?.(account.server)) ?? null;
    const answer = `${account.server} answers in ${Math.round(took)} ms and knows this device.`;
    const way = proxy === null ? [] : [`It is reached through the proxy ${plainAddress(proxy)}.`];
    return fine([answer, ...way].join(' '));
  });
  return [connection, named('clock', clockFinding(skew))];
}

function clockFinding(skew: number | null): Finding {
  if (skew === null) return skipped('The server did not tell its time.');
  // The server tells whole seconds.
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (Math.abs(skew) < skewWarned) return fine(`This computer and the server differ by ${seconds} s at most.`);
  const message = `This computer's clock and the server's differ by ${seconds} s. Set the clock, or the history shows wrong times.`;
  return { result: 'warning', message };
}

/** The server's own time from its answer's header; a claim, for people. */
async function askDate(server: string, findProxy: FindProxy | null): Promise<number | null> {
  const isSecured = server.startsWith('https:');
  const ask = isSecured ? httpsRequest : httpRequest;
  const agent = isSecured ? await agentBy(findProxy, { keepAlive: false }) : false;
  return new Promise((resolve, reject) => {
    const request = ask(`${server}/v1/health`, { agent, timeout: within }, (response) => {
      response.resume();
      const date = Date.parse(response.headers.date ?? '');
      response.once('close', () => resolve(Number.isNaN(date) ? null : date));
    });
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', (cause) => {
      reject(transportFailure(server, cause));
    });
    request.end();
  });
}
