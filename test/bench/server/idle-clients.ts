import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { acceptEntry, login, makeEntry } from '../../helpers/test-account.ts';
import { peakBytes, processSeconds, residentBytes } from '../measure/process-counters.ts';
import type { Customer } from './accounts.ts';

/** What it costs the server that so many clients listen and nothing happens. */
export interface IdleCost {
  readonly clients: number;
  readonly openSeconds: number;
  readonly cpuPercent: number;
  readonly ownMemoryMb: number;
  readonly peakMb: number;
  readonly kibPerClient: number;
  /** From an append until the last of its account's clients heard of it. */
  readonly hintMs: number;
}

/** An account has at most 64 streams. */
export const streamsPerAccount = 60;
/** From one address at most so many connections, since its ports are numbered. */
const perAddress = 20_000;
const atOnce = 100;
/** Longer than the interval of the server's signs of life, so that they are in what idleness costs. */
const idleSeconds = 25;

export async function measureIdleClients(
  url: string,
  serverPid: number,
  customers: readonly Customer[],
  clients: number,
): Promise<IdleCost> {
  const agent = new Agent({ keepAlive: false, maxSockets: Number.POSITIVE_INFINITY });
  const before = residentBytes(serverPid);
  const streams: { readonly customer: Customer; readonly stream: IncomingMessage }[] = [];
  const start = performance.now();
  const open = async (number: number): Promise<void> => {
    const customer = customers[Math.floor(number / streamsPerAccount)] as Customer;
    const token = await tokenOf(customer);
    const localAddress = `127.0.0.${1 + Math.floor(number / perAddress)}`;
    const asking = request(`${url}/v1/events`, { agent, localAddress, headers: { authorization: `Bearer ${token}` } });
    asking.end();
    const [stream] = (await once(asking, 'response')) as [IncomingMessage];
    if (stream.statusCode !== 200) throw new Error(`the server answered ${stream.statusCode} to client ${number}`);
    stream.on('error', () => undefined);
    await once(stream, 'data');
    stream.resume();
    streams.push({ customer, stream });
  };
  for (let number = 0; number < clients; number += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, clients - number) }, (_, at) => open(number + at));
    await Promise.all(some);
  }
  const openSeconds = (performance.now() - start) / 1000;

  const cpu = processSeconds(serverPid);
  await pause(idleSeconds * 1000);
  const cpuPercent = ((processSeconds(serverPid) - cpu) / idleSeconds) * 100;
  const own = residentBytes(serverPid);
  const hintMs = await timeOfHint(streams);
  for (const { stream } of streams) stream.destroy();
  return {
    clients,
    openSeconds,
    cpuPercent,
    ownMemoryMb: own / 1e6,
    peakMb: peakBytes(serverPid) / 1e6,
    kibPerClient: (own - before) / 1024 / clients,
    hintMs,
  };
}

const tokens = new Map<Customer, Promise<string>>();

function tokenOf(customer: Customer): Promise<string> {
  const known = tokens.get(customer) ?? login(customer.api, customer.account).then(({ token }) => token);
  tokens.set(customer, known);
  return known;
}

async function timeOfHint(
  streams: readonly { readonly customer: Customer; readonly stream: IncomingMessage }[],
): Promise<number> {
  const [first] = streams;
  if (first === undefined) return Number.NaN;
  const { api, vault } = first.customer;
  const told = streams.filter(({ customer }) => customer === first.customer).map(({ stream }) => once(stream, 'data'));
  const entry = makeEntry(vault);
  const start = performance.now();
  const outcome = await api.appendEntry(vault.id, entry);
  if (outcome.status !== 'done') throw new Error(`an append ended as ${outcome.status}`);
  acceptEntry(vault, entry);
  await Promise.all(told);
  return performance.now() - start;
}
