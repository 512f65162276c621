import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { randomBytes } from './random-bytes.ts';

const mib = 1 << 20;

export function writeLargeFile(path: string, megabytes: number): void {
  const random = randomBytes('large');
  const file = openSync(path, 'w');
  for (let i = 0; i < megabytes; i++) writeSync(file, random(mib));
  fsyncSync(file);
  closeSync(file);
}

/** The same with a byte inserted in front and 1 MiB (a quarter, if the file is small) changed in the middle. */
export function writeEditedFile(from: string, to: string): void {
  const size = statSync(from).size;
  const [source, target] = [openSync(from, 'r'), openSync(to, 'w')];
  writeSync(target, Buffer.from('>'));
  const block = Buffer.alloc(mib);
  for (let at = 0; at < size; at += mib) {
    writeSync(target, block, 0, readSync(source, block, 0, mib, at));
  }
  const changed = Math.min(mib, Math.floor(size / 4));
  writeSync(target, randomBytes('edit')(changed), 0, changed, Math.floor(size / 2));
  fsyncSync(target);
  closeSync(target);
  closeSync(source);
}
