import { once } from 'node:events';
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { pageAlignedMemory } from '../../../src/common/direct-io.ts';
import { freeMemory } from '../../../src/common/free-memory.ts';
import { openChunk, sealChunk } from '../../../src/crypto/chunk.ts';
import { localHash } from '../../../src/crypto/local-hash.ts';
import { systemRandom } from '../../../src/crypto/random.ts';
import { randomBytes } from '../data/random-bytes.ts';
import type { Rates } from './rates.ts';

const mib = 1 << 20;
const pieceBytes = 4 * mib;
const fileBytes = 16 * 1024;

/** Measures in a new folder below `base`, with `megabytes` of large pieces and `files` small files. */
export async function measureRates(base: string, megabytes: number, files: number): Promise<Rates> {
  const folder = join(base, 'rates');
  mkdirSync(folder);
  const piece = randomBytes('rates')(pieceBytes);
  const small = piece.subarray(0, fileBytes);
  const pieces = Math.max(1, Math.floor(megabytes / 4));
  const perMib = (seconds: number): number => seconds / (pieces * 4);
  const perFile = (seconds: number): number => seconds / files;
  const key = new Uint8Array(32);
  const large = join(folder, 'large');

  const written = writeLarge(large, piece, pieces);
  // Into the system's cache, where a file is that was just written or received.
  readWhole(large, Buffer.alloc(pieceBytes));
  const read = await cpuOf(() => readWhole(large, Buffer.alloc(pieceBytes)));
  const hash = await cpuOf(() => repeat(pieces, () => localHash.hash(key, piece)));
  const seal = await cpuOf(() => repeat(pieces, () => freeMemory(sealChunk(piece, systemRandom).sealed)));
  const sealed = sealChunk(piece, systemRandom);
  const open = await cpuOf(() => repeat(pieces, () => freeMemory(whole(openChunk(sealed, sealed.sealed)))));
  const sendAndReceive = await cpuOf(() => sendOverLoopback(piece, pieces));

  const smallFolder = join(folder, 'small');
  mkdirSync(smallFolder);
  const writeSmall = await cpuOf(() => writeFiles(smallFolder, small, files));
  const readSmall = await cpuOf(() => readFiles(smallFolder));
  const sealSmall = await cpuOf(() => repeat(files, () => sealChunk(small, systemRandom)));
  const sealedSmall = sealChunk(small, systemRandom);
  const openSmall = await cpuOf(() => repeat(files, () => openChunk(sealedSmall, sealedSmall.sealed)));
  rmSync(folder, { recursive: true });
  return {
    perMib: {
      read: perMib(read),
      hash: perMib(hash),
      seal: perMib(seal),
      open: perMib(open),
      sendAndReceive: perMib(sendAndReceive),
      write: perMib(written.cpu),
      diskWait: perMib(written.waited),
    },
    perFile: {
      read: perFile(readSmall),
      seal: perFile(sealSmall),
      open: perFile(openSmall),
      write: perFile(writeSmall),
    },
  };
}

/** Processor seconds of this process, all its threads, for `work`. */
async function cpuOf(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function repeat(times: number, work: () => unknown): void {
  for (let at = 0; at < times; at++) work();
}

/** All of the memory that these bytes are a part of. */
const whole = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer);

/** Past the system's cache where the file system can do that, as device and server write large files. */
function openDirectly(path: string): number {
  try {
    return openSync(path, constants.O_CREAT | constants.O_WRONLY | (constants.O_DIRECT ?? 0));
  } catch {
    return openSync(path, 'w');
  }
}

function writeLarge(
  path: string,
  piece: Uint8Array,
  pieces: number,
): { readonly cpu: number; readonly waited: number } {
  const aligned = new Uint8Array(pageAlignedMemory(piece.length) ?? new ArrayBuffer(piece.length), 0, piece.length);
  aligned.set(piece);
  const start = performance.now();
  const before = process.cpuUsage();
  const file = openDirectly(path);
  repeat(pieces, () => writeSync(file, aligned));
  const { user, system } = process.cpuUsage(before);
  fdatasyncSync(file);
  closeSync(file);
  return { cpu: (user + system) / 1e6, waited: (performance.now() - start) / 1000 };
}

function readWhole(path: string, into: Uint8Array): void {
  const file = openSync(path, 'r');
  while (readSync(file, into) > 0);
  closeSync(file);
}

async function sendOverLoopback(piece: Uint8Array, pieces: number): Promise<void> {
  const server = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a port was expected');
  const received = new Promise<void>((resolve) => {
    server.once('connection', (socket) => socket.once('end', resolve));
  });
  const socket = connect(address.port, '127.0.0.1');
  for (let at = 0; at < pieces; at++) if (!socket.write(piece)) await once(socket, 'drain');
  socket.end();
  await received;
  server.close();
}

function writeFiles(folder: string, content: Uint8Array, files: number): void {
  for (let at = 0; at < files; at++) {
    const path = join(folder, `file-${at}`);
    const file = openSync(`${path}.part`, 'wx');
    writeSync(file, content);
    closeSync(file);
    renameSync(`${path}.part`, path);
  }
}

function readFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = openSync(join(folder, name), 'r');
    readSync(file, Buffer.allocUnsafe(fstatSync(file).size));
    closeSync(file);
  }
}
