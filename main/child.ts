import { type ChildProcess, fork } from 'node:child_process';
import { utilityProcess } from 'electron';
import { endInTime } from '../src/app/end-in-time.ts';
import type { Port } from '../src/rpc/port.ts';

/** A process of ours, however it was started. */
export interface Child {
  readonly port: Port;
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly gone: Promise<void>;
  /** At once, without asking. */
  kill(): void;
}

interface ChildProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly name: string;
  /** Runs it on this Node instead of a utility process: an unpackaged run on an Electron whose own Node is too old. */
  readonly node: string | null;
}

/**
 * V8 never gives back what it once took for young objects. Old ones are not collected again and again during the start, but once
 * it is over.
 */
const heap = ['--max-semi-space-size=1', '--initial-old-space-size=48'];

/** Milliseconds that a process may outlive its channel. */
const afterChannel = 500;

export const startChild = (program: ChildProgram): Child =>
  program.node === null ? startUtility(program) : startNode(program, program.node);

function startUtility({ file, args, name }: ChildProgram): Child {
  // By Chromium's switch: a utility process ignores V8's own flags.
  const execArgv = [`--js-flags=${heap.join(' ')}`];
  const child = utilityProcess.fork(file, [...args], { serviceName: name, execArgv, stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    port: {
      post: (message) => child.postMessage(message),
      onMessage: (listener) => {
        child.on('message', listener);
        return () => child.off('message', listener);
      },
      onClose: (listener) => afterwards(gone, listener),
    },
    get pid() {
      return child.pid;
    },
    gone,
    kill: () => child.kill(),
  };
}

function startNode({ file, args }: ChildProgram, node: string): Child {
  // A plain Node reads no archive; a package that may run one has its files beside it.
  const plain = file.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
  const child: ChildProcess = fork(plain, [...args], { execPath: node, execArgv: heap, stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
    // Chromium, which has children too, sometimes takes the signal that tells Node of a child's end; the channel's end arrives.
    child.once('disconnect', () => setTimeout(resolve, afterChannel));
  });
  return {
    port: {
      post: (message) => {
        if (child.connected) child.send(message as object);
      },
      onMessage: (listener) => {
        child.on('message', listener);
        return () => child.off('message', listener);
      },
      onClose: (listener) => afterwards(gone, listener),
    },
    pid: child.pid,
    gone,
    kill: () => child.kill('SIGKILL'),
  };
}

function afterwards(gone: Promise<void>, listener: () => void): () => void {
  let isWanted = true;
  void gone.then(() => {
    if (isWanted) listener();
  });
  return () => {
    isWanted = false;
  };
}

/** Asks it to end and waits; kills it when it takes longer than `patience` milliseconds. */
export async function endChild({ port, gone, kill }: Child, patience: number): Promise<void> {
  port.post('stop');
  await endInTime(gone, patience, kill);
}
